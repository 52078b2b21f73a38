export interface ChunkLimits<Value> {
  readonly count: number;
  readonly bytes: number;
  readonly sizeOf: (value: Value) => number;
}

/** Cuts a list into runs that a batch call takes, in order. What is too large by itself stands alone, for the service to refuse. */
export const inChunks = <Value>(
  values: readonly Value[],
  limits: ChunkLimits<Value>,
): readonly (readonly Value[])[] => {
  const chunks: Value[][] = [];
  let room = 0;
  for (const value of values) {
    const size = limits.sizeOf(value);
    const last = chunks.at(-1);
    if (last === undefined || last.length === limits.count || size > room) {
      chunks.push([value]);
      room = limits.bytes - size;
    } else {
      last.push(value);
      room -= size;
    }
  }
  return chunks;
};
