/** Epoch milliseconds. The only source of time in use cases. */
export type Clock = () => number;
