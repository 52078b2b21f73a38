import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchClient, importFile } from '../../../bin/commands/import-messages.ts';
import { readRow } from '../../../bin/commands/import-row.ts';
import type { BatchAnswer } from '../../../functions/shared/contract/api/batches.ts';

/** Batches as the API keeps them: once a key; refuses `nobody`, suppresses `+1stopped`. */
class FakeBatches implements BatchClient {
  readonly batches = new Map<string, readonly { readonly to?: string; readonly body?: string }[]>();
  calls = 0;
  failAt = Number.POSITIVE_INFINITY;

  async createBatch(batch: Readonly<Record<string, unknown>>, key: string) {
    this.calls += 1;
    if (this.calls === this.failAt) throw new Error('the platform does not answer');
    const recipients = batch.recipients as { to: string }[];
    if (!this.batches.has(key)) this.batches.set(key, recipients);
    return { id: key, state: 'RUNNING', recipients: recipients.length };
  }

  async batch(id: string) {
    const recipients = this.batches.get(id) ?? [];
    const answers = recipients.map(({ to }, row): BatchAnswer => {
      if (to === 'nobody')
        return { row, outcome: 'refused', errors: [{ pointer: '/to', detail: 'is no number' }] };
      return to === '+1stopped'
        ? { row, outcome: 'suppressed', id: 'int_1', reason: 'opted out' }
        : { row, outcome: 'accepted', id: 'int_2' };
    });
    const count = (outcome: string) => answers.filter((answer) => answer.outcome === outcome).length;
    return {
      id,
      state: 'DONE' as const,
      createdAt: '2026-03-01T12:00:00.000Z',
      recipients: answers.length,
      accepted: count('accepted'),
      suppressed: count('suppressed'),
      refused: count('refused'),
      pending: 0,
      answers,
    };
  }
}

const OPTIONS = { message: { trafficClass: 'transactional' } };

describe('an import of messages', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'import-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const fileOf = (text: string): string => {
    const path = join(directory, 'people.csv');
    writeFileSync(path, text);
    return path;
  };
  const run = (file: string, client: BatchClient, options: Parameters<typeof importFile>[1] = OPTIONS) =>
    importFile(file, options, client, () => undefined);

  test('accounts for every line: accepted, suppressed, refused, unreadable', async () => {
    const file = fileOf(
      [
        'to,body',
        '+14155550123,Hello',
        'nobody,Hi',
        ',Nobody',
        '+1stopped,Hi',
        '+14155550124,"a ""quoted"", text"',
        'one,two,three',
      ].join('\n'),
    );
    const result = await run(file, new FakeBatches());
    expect(result).toMatchObject({ lines: 6, accepted: 2, suppressed: 1 });
    expect(result.bad.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '3 /to is no number',
      '4 has no recipient: the column `to` is empty or missing',
      '5 suppressed: opted out',
      expect.stringMatching(/^7 cannot be read: /),
    ]);
  });

  test('is handed over in batches of a thousand, which a second run finds again', async () => {
    const people = Array.from({ length: 2_500 }, (_, at) => `+1415555${String(at).padStart(4, '0')},Hello`);
    const file = fileOf(['to,body', ...people].join('\n'));
    const client = new FakeBatches();
    client.failAt = 2;
    await expect(run(file, client)).rejects.toThrow('does not answer');
    client.failAt = Number.POSITIVE_INFINITY;
    expect(await run(file, client)).toEqual({ lines: 2_500, accepted: 2_500, suppressed: 0, bad: [] });
    await run(file, client);
    expect([...client.batches.values()].map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
    expect([...client.batches.values()].flat()).toHaveLength(2_500);
  });

  test('of another file, or with other options, is another import', async () => {
    const client = new FakeBatches();
    await run(fileOf('to,body\n+14155550123,Hello'), client);
    await run(fileOf('to,body\n+14155550123,Hello!'), client);
    await run(fileOf('to,body\n+14155550123,Hello!'), client, { message: { trafficClass: 'marketing' } });
    expect(client.batches.size).toBe(3);
  });

  test('takes a byte order mark, spaces and empty lines for what they are', async () => {
    const client = new FakeBatches();
    await run(fileOf('\uFEFFto, body\r\n\r\n +14155550123 , Hello \r\n'), client);
    expect([...client.batches.values()]).toEqual([[{ to: '+14155550123', body: 'Hello' }]]);
  });
});

describe('a line with a text of its own', () => {
  const values = { to: '+14155550123', name: 'Ada', 'order no': '7', notes: 'x', sendAt: '' };

  test('has its values in their places, and only fields of a message beside it', () => {
    const text = 'Hi {name}, order {order no} is here. {name}!';
    expect(readRow({ line: 2, values }, { ...OPTIONS, text })).toEqual({
      line: 2,
      fields: { to: '+14155550123', body: 'Hi Ada, order 7 is here. Ada!' },
    });
  });

  test('is bad where it lacks a value', () => {
    expect(readRow({ line: 2, values }, { ...OPTIONS, text: '{name} {street} {street}' })).toEqual({
      line: 2,
      reason: 'has no value for street',
    });
  });
});
