import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createObserver } from '../../../functions/shared/runtime/powertools-observer.ts';

let written: string[] = [];
const streams = [process.stdout, process.stderr] as const;
const originals = streams.map((stream) => stream.write);

beforeEach(() => {
  written = [];
  for (const stream of streams) {
    stream.write = ((text: string) => {
      written.push(text);
      return true;
    }) as typeof stream.write;
  }
});
afterEach(() => {
  for (const [index, stream] of streams.entries()) stream.write = originals[index] ?? stream.write;
});

const linesWritten = (): Record<string, unknown>[] =>
  written.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));

describe('log lines', () => {
  test('are JSON with the service and the fields', () => {
    createObserver('send-message').info('sent', { intentId: 'i1', attempt: 2, gone: undefined });
    expect(linesWritten()).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'sent',
        service: 'send-message',
        intentId: 'i1',
        attempt: 2,
      }),
    ]);
  });

  test('never show numbers, addresses or codes, whether in a field, a message, a stack or a cause', () => {
    const cause = new Error('to=%2B14155550123 code 123456');
    const error = Object.assign(
      new Error('cannot reach +1 (415) 555-0123 or ann@example.com: 4155550123', { cause }),
      {
        Item: { body: { S: 'content' } },
      },
    );
    createObserver('send-message').error('failed', error, { who: '+14155550123', mail: 'x ann@example.com' });
    const text = written.join('');
    expect(text).not.toMatch(/415|555|0123|123456|ann@|content/);
    expect(linesWritten()[0]).toMatchObject({
      level: 'ERROR',
      who: '[number]',
      error: {
        name: 'Error',
        message: expect.stringContaining('[number]'),
        stack: expect.stringMatching(/^at /),
      },
    });
  });

  test('never quote text that could not be parsed', () => {
    try {
      JSON.parse('Hello Ann');
    } catch (error) {
      createObserver('send-message').error('failed', error);
    }
    expect(written.join('')).not.toContain('Ann');
  });

  test('keep identifiers readable', () => {
    const sid = `SM${'0123456789abcdef'.repeat(2)}`;
    const error = new Error(`no ${sid} at 2026-03-01T12:00:00.000Z on port 30303`);
    createObserver('send-message').error('failed', error, { sid, version: '1770000000000' });
    expect(linesWritten()[0]).toMatchObject({
      sid,
      version: '1770000000000',
      error: { message: error.message },
    });
  });

  test('show that something else than an error was thrown, not what', () => {
    createObserver('send-message').error('failed', '+14155550123');
    expect(linesWritten()[0]).toMatchObject({ error: { name: 'string' } });
    expect(written.join('')).not.toContain('415');
  });
});

describe('metrics', () => {
  const emf = (line: Record<string, unknown>) => {
    const { CloudWatchMetrics } = line._aws as { CloudWatchMetrics: unknown[] };
    return CloudWatchMetrics[0];
  };

  test('without an outcome leave at the flush, with the service alone', () => {
    const observer = createObserver('record-status');
    observer.count('StatusRecorded');
    observer.count('StatusRecorded', 2);
    observer.duration('AcknowledgementToEffect', 250);
    expect(written).toEqual([]);
    observer.flush();
    const [line = {}] = linesWritten();
    expect(line).toMatchObject({
      service: 'record-status',
      StatusRecorded: [1, 2],
      AcknowledgementToEffect: 250,
    });
    expect(emf(line)).toMatchObject({ Namespace: 'Trunkline', Dimensions: [['service']] });
  });

  test('with an outcome are metrics of their own, and their outcome stays theirs', () => {
    const observer = createObserver('send-message');
    observer.count('SendOutcome', 1, 'accepted');
    observer.count('SendOutcome', 1, 'unknown');
    observer.count('PoisonMessage');
    observer.flush();
    expect(linesWritten().map((line) => [line.service, line.outcome, emf(line)])).toEqual([
      ['send-message', 'accepted', expect.objectContaining({ Dimensions: [['service', 'outcome']] })],
      ['send-message', 'unknown', expect.objectContaining({ Dimensions: [['service', 'outcome']] })],
      ['send-message', undefined, expect.objectContaining({ Dimensions: [['service']] })],
    ]);
  });

  test('a flush without metrics writes nothing', () => {
    createObserver('send-message').flush();
    expect(written).toEqual([]);
  });
});
