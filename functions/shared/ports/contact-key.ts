/** Key of the keyed hashes of addresses: one a deployment, never rotated. Throws SecretUnavailableError. */
export type ContactKey = () => Promise<string>;
