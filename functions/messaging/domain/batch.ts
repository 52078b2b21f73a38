/** One recipient of a batch: the fields that differ from the message that all share. */
export interface BatchRow {
  /** Position in the request, from 0. */
  readonly row: number;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Row that has the same recipient and content. */
  readonly repeats?: number;
}

export interface BatchChunk {
  readonly chunk: number;
  readonly rows: readonly BatchRow[];
}

/** Rows that one invocation turns into intents. */
const ROWS_A_CHUNK = 100;
/** An item has 400 kB (vendor limit of DynamoDB); a character may take three bytes. */
const CHARACTERS_A_CHUNK = 100_000;

/** Cuts a batch into chunks that fit into an item each; undefined where a single row does not. */
export function cutBatch(rows: readonly BatchRow[]): readonly BatchChunk[] | undefined {
  const chunks: BatchRow[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const length = JSON.stringify(row).length;
    if (length > CHARACTERS_A_CHUNK) return undefined;
    const last = chunks.at(-1);
    if (last === undefined || last.length >= ROWS_A_CHUNK || size + length > CHARACTERS_A_CHUNK) {
      chunks.push([row]);
      size = length;
      continue;
    }
    last.push(row);
    size += length;
  }
  return chunks.map((chunkRows, chunk) => ({ chunk, rows: chunkRows }));
}

/** Numbers the recipients, and says of each whether an earlier one has the same address and content. */
export function numberRows(
  recipients: readonly Readonly<Record<string, unknown>>[],
  allowRepeats: boolean,
): readonly BatchRow[] {
  const first = new Map<string, number>();
  return recipients.map((fields, row) => {
    const identity = identityOf(fields);
    const earlier = first.get(identity);
    first.set(identity, earlier ?? row);
    return earlier === undefined || allowRepeats ? { row, fields } : { row, fields, repeats: earlier };
  });
}

/** The same address in other spelling is the same recipient; what only labels a message does not make it another one. */
function identityOf({ to, ...fields }: Readonly<Record<string, unknown>>): string {
  const { correlationId: _correlationId, tags: _tags, ...content } = fields;
  const sorted = Object.entries(content).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([typeof to === 'string' ? to.replace(/[^\d+A-Za-z:@]/g, '') : to, sorted]);
}
