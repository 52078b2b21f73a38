import { describe, expect, test } from '@jest/globals';
import { type BatchRow, cutBatch, numberRows } from '../../../../functions/messaging/domain/batch.ts';

const rows = (count: number, fields: BatchRow['fields'] = { to: '+14155550123' }): readonly BatchRow[] =>
  Array.from({ length: count }, (_, row) => ({ row, fields }));

const ITEM_BYTES = 400 * 1024;

describe('a batch', () => {
  test('of 10,000 recipients is cut into chunks of a hundred, in order, none lost', () => {
    const chunks = cutBatch(rows(10_000)) ?? [];
    expect(chunks).toHaveLength(100);
    expect(chunks.map(({ chunk }) => chunk)).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(chunks.flatMap((chunk) => chunk.rows.map(({ row }) => row))).toEqual(
      Array.from({ length: 10_000 }, (_, at) => at),
    );
  });

  test('of long texts has chunks that fit into an item each, whatever bytes its letters take', () => {
    const chunks = cutBatch(rows(300, { to: '+14155550123', body: '中'.repeat(1_600) })) ?? [];
    expect(chunks.flatMap((chunk) => chunk.rows)).toHaveLength(300);
    for (const chunk of chunks)
      expect(Buffer.byteLength(JSON.stringify(chunk.rows))).toBeLessThan(ITEM_BYTES - 10_000);
  });

  test('with a recipient that no item could hold is not taken', () => {
    expect(cutBatch(rows(1, { to: '+1', body: 'a'.repeat(100_001) }))).toBeUndefined();
  });
});

describe('a recipient that comes twice', () => {
  const TWICE = [{ to: '+14155550123' }, { to: '+1 (415) 555-0123' }, { to: '+14155550124' }];

  test('is known again in another spelling', () => {
    expect(numberRows(TWICE, false).map(({ repeats }) => repeats)).toEqual([undefined, 0, undefined]);
  });

  test('is taken where the client wants it so', () => {
    expect(numberRows(TWICE, true).every(({ repeats }) => repeats === undefined)).toBe(true);
  });

  test('with another text is another message, with another label it is not', () => {
    const numbered = numberRows(
      [
        { to: '+14155550123', body: 'a' },
        { to: '+14155550123', body: 'b' },
        { to: '+14155550123', body: 'a', tags: ['x'], correlationId: 'c' },
        { body: 'a', to: '+14155550123' },
      ],
      false,
    );
    expect(numbered.map(({ repeats }) => repeats)).toEqual([undefined, undefined, 0, 0]);
  });
});
