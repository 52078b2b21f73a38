import { expect, test } from '@jest/globals';
import { answerInboundMessage } from '../../../functions/messaging/handle-inbound-message/answer-inbound-message.ts';
import { recordStatus } from '../../../functions/messaging/record-status/record-status.ts';
import { requestMessage } from '../../../functions/messaging/request-message.ts';
import { deliverIntent } from '../../../functions/messaging/send-message/deliver-intent.ts';
import type { TimelineView } from '../../../functions/shared/contract/api/timeline.ts';
import { recordEvent } from '../../../functions/timeline/record-timeline/record-event.ts';
import { readTimeline } from '../../../functions/timeline/serve-timeline/read-timeline.ts';
import { sidOf, tokenOf } from '../../fakes/messaging/scripted-twilio.ts';
import { SETTINGS } from '../../fakes/messaging/settings.ts';
import { Stage } from '../../fakes/messaging/stage.ts';
import { receiveCallback, receiveText } from '../../fakes/messaging/webhook-events.ts';

const tell = async (stage: Stage): Promise<void> => {
  for (const event of stage.drainEvents()) {
    await recordEvent({ event, publishedAt: '2026-03-01T12:00:00Z' }, 400, stage);
  }
};

const storyOf = async (stage: Stage, id: string): Promise<TimelineView> => {
  const view = await readTimeline({ id, limit: 100 }, stage.tables);
  if (view === undefined) throw new Error('no story');
  return view;
};

const callBack = async (
  stage: Stage,
  instant: string,
  callback: { status: string; errorCode?: number; token: string },
) => {
  const event = await receiveCallback(stage.at(instant).tables, {
    messageSid: sidOf(1),
    time: instant,
    ...callback,
  });
  await recordStatus(event, instant, stage);
};

test('a text, its answer and every callback are one ordered story, whichever id one asks by', async () => {
  const stage = new Stage('2026-03-01T12:00:00.000Z');
  const inbound = sidOf(500);
  const event = await receiveText(stage.tables, {
    messageSid: inbound,
    body: 'hours',
    time: '2026-03-01T12:00:00.000Z',
  });
  await recordEvent({ event, publishedAt: '2026-03-01T12:00:00Z' }, 400, stage);
  const answer = await answerInboundMessage(event, 'answer', SETTINGS, stage.at('2026-03-01T12:00:01.000Z'));
  if (answer.kind !== 'replied') throw new Error(answer.kind);
  stage.twilio.script({ kind: 'throttled', httpStatus: 429, durationMilliseconds: 5 });
  await deliverIntent(stage.delivery(answer.intentId), stage.at('2026-03-01T12:00:02.000Z'));
  stage.twilio.script({
    kind: 'accepted',
    sid: sidOf(1),
    status: 'accepted',
    httpStatus: 201,
    durationMilliseconds: 90,
  });
  await deliverIntent(stage.delivery(answer.intentId), stage.at('2026-03-01T12:00:10.000Z'));
  const [first, second] = stage.twilio.requests.map(tokenOf) as [string, string];
  await callBack(stage, '2026-03-01T12:00:12.000Z', { status: 'delivered', token: second });
  await callBack(stage, '2026-03-01T12:00:13.000Z', { status: 'sent', token: second });
  await callBack(stage, '2026-03-01T12:00:14.000Z', { status: 'teleported', token: first });
  await tell(stage);

  const story = await storyOf(stage, answer.intentId);
  expect(story.entries.map(({ at, summary }) => `${at.slice(17, 19)} ${summary}`)).toEqual([
    '00 inbound SMS received by webhook, signature verified, recorded once',
    '01 answered: a rule names this text',
    '01 transactional SMS requested by trunkline/auto-responder, pool transactional',
    expect.stringMatching(/^02 waits again after attempt 1: Twilio asked to slow down \(429\)/),
    `10 attempt 2: Twilio accepted it as ${sidOf(1)} in 90 ms`,
    "12 callback 'delivered': first status: delivered",
    "13 callback 'sent': changed nothing: 'sent' ranks below 'delivered', it came late",
    "14 callback 'teleported': 'teleported' is not a status Trunkline knows; kept, ranked lowest",
  ]);
  expect(story.state).toBe('delivered');
  for (const id of [inbound, sidOf(1)]) expect((await storyOf(stage, id)).entries).toEqual(story.entries);
  expect(JSON.stringify(story)).not.toMatch(/4155550123|4155550199|We are open|token0/);
});

test("a client's message is found by its correlation id", async () => {
  const stage = new Stage('2026-03-01T12:00:00.000Z');
  const asked = await requestMessage(
    {
      clientId: 'shop',
      idempotencyKey: 'k',
      to: '+14155550123',
      body: 'secret',
      trafficClass: 'otp',
      channel: 'auto',
      correlationId: 'order-7',
    },
    stage.now,
    SETTINGS,
    stage,
  );
  if (asked.kind !== 'requested') throw new Error(asked.kind);
  stage.twilio.script({ kind: 'unknown', reason: 'timeout', durationMilliseconds: 8_000 });
  await deliverIntent(stage.delivery(asked.intent.id), stage);
  await tell(stage);
  const story = await storyOf(stage, 'order-7');
  expect(story).toMatchObject({ state: 'UNKNOWN', related: [asked.intent.id] });
  expect(story.entries.map(({ kind }) => kind)).toEqual(['message.requested', 'message.outcome-unknown']);
});
