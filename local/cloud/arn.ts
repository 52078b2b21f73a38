/** The parts of an ARN that decide which local engine it means. */
export interface Arn {
  readonly service: string;
  readonly region: string;
  /** All after the account: `function:name`, `table/name/stream/label`, a queue's bare name. */
  readonly resource: string;
}

/** @returns undefined when the text is no ARN */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, account, ...rest] = text.split(':');
  if (prefix !== 'arn' || partition === undefined || service === undefined || region === undefined)
    return undefined;
  if (account === undefined || rest.length === 0) return undefined;
  return { service, region, resource: rest.join(':') };
}

/** The function that a name, a partial ARN, an ARN (with or without a qualifier) or an integration URI means. */
export function functionNameOf(reference: string): string {
  const name = /(?:^|:)function:([^:/]+)/.exec(reference)?.[1];
  return name ?? reference.split(':')[0] ?? reference;
}

/** @returns undefined when the ARN is not a queue's */
export function queueNameOf(arn: string): string | undefined {
  const parsed = parseArn(arn);
  return parsed?.service === 'sqs' ? parsed.resource : undefined;
}

/** The name of a bus by its name or ARN. */
export const busNameOf = (reference: string): string => reference.split('event-bus/').at(-1) ?? reference;

/** The table whose stream the ARN names. @returns undefined for any other ARN */
export function streamTableOf(arn: string): string | undefined {
  const parsed = parseArn(arn);
  return parsed?.service === 'dynamodb' ? /^table\/([^/]+)\/stream\//.exec(parsed.resource)?.[1] : undefined;
}
