import { describe, expect, test } from '@jest/globals';
import { background } from '../../../local/cloud/background.ts';
import { type EventBuses, eventBuses, PutEventsRefused } from '../../../local/cloud/events/event-bus.ts';
import { eventPattern } from '../../../local/cloud/events/event-pattern.ts';
import { targetInput } from '../../../local/cloud/events/input-transformer.ts';
import { deliver, type Outlets, outletOf } from '../../../local/cloud/events/target-delivery.ts';

const place = { region: 'us-east-1', accountId: '000000000000' };
const entry = { Source: 'sample', DetailType: 'done.v1', Detail: '{"id":"1"}', EventBusName: 'bus' };

function busWithRule(): { readonly buses: EventBuses; readonly delivered: unknown[] } {
  const delivered: unknown[] = [];
  const buses = eventBuses(place, (_rule, _target, text) => void delivered.push(JSON.parse(text)));
  buses.create('bus');
  const targets = [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }];
  buses.addRule({
    name: 'r',
    arn: 'arn:r',
    busName: 'bus',
    matches: eventPattern({ source: ['sample'] }),
    targets,
  });
  return { buses, delivered };
}

describe('PutEvents', () => {
  test('delivers what rules match and answers an id for it', () => {
    const { buses, delivered } = busWithRule();
    const answer = buses.put([entry, { ...entry, Source: 'other' }]);
    expect(answer.FailedEntryCount).toBe(0);
    expect(delivered).toMatchObject([
      {
        version: '0',
        source: 'sample',
        'detail-type': 'done.v1',
        detail: { id: '1' },
        account: '000000000000',
      },
    ]);
  });

  test('refuses entries one by one, in their places', () => {
    const { buses, delivered } = busWithRule();
    const answer = buses.put([
      { ...entry, Detail: 'no json' },
      entry,
      { ...entry, DetailType: '' },
      { ...entry, EventBusName: 'nowhere' },
      { ...entry, Source: 'aws.s3' },
    ]);
    expect(answer.FailedEntryCount).toBe(4);
    expect(answer.Entries.map((result) => ('ErrorCode' in result ? result.ErrorCode : 'ok'))).toEqual([
      'MalformedDetail',
      'ok',
      'InvalidArgument',
      'ResourceNotFoundException',
      'NotAuthorizedForSourceException',
    ]);
    expect(delivered).toHaveLength(1);
  });

  test('a bus may be named by its ARN', () => {
    const { buses, delivered } = busWithRule();
    buses.put([{ ...entry, EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/bus' }]);
    expect(delivered).toHaveLength(1);
  });

  test('refuses eleven entries, none, and 256 KB as a whole', () => {
    const { buses, delivered } = busWithRule();
    expect(() => buses.put(Array.from({ length: 11 }, () => entry))).toThrow(PutEventsRefused);
    expect(() => buses.put([])).toThrow(PutEventsRefused);
    expect(() => buses.put([{ ...entry, Detail: JSON.stringify({ x: 'y'.repeat(262_144) }) }])).toThrow(
      'over the limit',
    );
    expect(delivered).toEqual([]);
  });
});

describe('what a target is told', () => {
  const event = {
    source: 'sample',
    time: '2027-01-01T00:00:00Z',
    detail: { id: 'a"b', n: 7, list: ['x', 'y'] },
  };
  const rule = { name: 'rule', arn: 'arn:rule' };
  const transformed = (InputTemplate: string, InputPathsMap: Record<string, string>): string =>
    targetInput({ InputTransformer: { InputTemplate, InputPathsMap } }, event, rule);

  test('the event, a constant or a part of it', () => {
    expect(JSON.parse(targetInput({}, event, rule))).toEqual(event);
    expect(targetInput({ Input: '{"a":1}' }, event, rule)).toBe('{"a":1}');
    expect(targetInput({ InputPath: '$.detail.list[1]' }, event, rule)).toBe('"y"');
  });

  test('a template, whose values are JSON outside quotes and text inside', () => {
    const text = transformed(
      '{"id": <id>, "n": <n>, "say": "item <id> of <aws.events.rule-name>", "none": <missing>}',
      {
        id: '$.detail.id',
        n: '$.detail.n',
      },
    );
    expect(JSON.parse(text)).toEqual({ id: 'a"b', n: 7, say: 'item a"b of rule', none: '' });
  });

  test('a JSON path of unknown form is refused', () => {
    expect(() => transformed('<x>', { x: '$..id' })).toThrow('is not known');
  });
});

describe('delivery to a target', () => {
  const target = {
    Arn: 'arn:aws:sqs:us-east-1:000000000000:q',
    DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
    RetryPolicy: { MaximumRetryAttempts: 1 },
  };

  function outlets(failures: number): { readonly outlets: Outlets; readonly sent: string[] } {
    const sent: string[] = [];
    let left = failures;
    const sendToQueue = (queue: string, text: string): void => {
      if (queue === 'q' && left > 0) {
        left -= 1;
        throw new Error('full');
      }
      sent.push(`${queue}: ${text}`);
    };
    return { sent, outlets: { sendToQueue, invokeLater: () => {}, putOnBus: () => {} } };
  }

  const finish = async (failures: number): Promise<readonly string[]> => {
    const { outlets: ways, sent } = outlets(failures);
    const work = background(() => {});
    const running: Promise<void>[] = [];
    const instant = {
      ...work,
      pause: async () => {},
      run: (_name: string, task: (signal: AbortSignal) => Promise<void>) =>
        void running.push(task(work.signal)),
    };
    deliver(
      { send: outletOf(target, ways), target, text: 'x', onLost: () => sent.push('lost') },
      ways,
      instant,
    );
    await Promise.all(running);
    return sent;
  };

  test('is tried again, then dead-lettered', async () => {
    expect(await finish(0)).toEqual(['q: x']);
    expect(await finish(1)).toEqual(['q: x']);
    expect(await finish(2)).toEqual(['dead: x']);
  });

  test('a target without a local engine is refused', () => {
    const states = 'arn:aws:states:us-east-1:000000000000:stateMachine:s';
    expect(() => outletOf({ Arn: states }, outlets(0).outlets)).toThrow('has no local engine');
  });
});
