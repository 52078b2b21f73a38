import { type KnownBug, inOneFile as one } from './known-bug.ts';

const MESSAGING = 'functions/messaging';

export const SENDING_BUGS: readonly KnownBug[] = [
  one(
    'last-write-wins',
    'intents are written without the condition on their version',
    `${MESSAGING}/intent-store.ts`,
    [
      'condition: before === undefined ? isAbsent : isAtVersion(before.version),',
      '...(before === undefined ? { condition: isAbsent } : {}),',
    ],
  ),
  one(
    'owner-ignored',
    "another's write is taken for an own lost acknowledgement",
    `${MESSAGING}/intent-store.ts`,
    [
      'stored?.owner === transition.intent.owner && stored.version === transition.intent.version',
      'stored?.version === transition.intent.version',
    ],
  ),
  one(
    'arming-lost-but-sent',
    'the POST follows whether or not arming succeeded',
    `${MESSAGING}/send-message/deliver-intent.ts`,
    ["if (armed.kind === 'conflict') return { kind: 'done', state: armed.existing?.state ?? 'gone' };", ''],
  ),
  one(
    'sent-before-armed',
    'the POST comes before the write that arms it',
    `${MESSAGING}/send-message/deliver-intent.ts`,
    [
      '  const armed = await arm(intent, arming, ports);',
      '  const early = await postOnce(transition.intent, attempt, command, ports);\n  const armed = await arm(intent, arming, ports);',
    ],
    [
      '  const outcome = await postOnce(transition.intent, attempt, command, ports);\n  return',
      '  const outcome = early;\n  return',
    ],
  ),
  one(
    'attempt-not-recorded',
    "the attempt's row is forgotten: no callback leads back",
    `${MESSAGING}/send-message/deliver-intent.ts`,
    ['    attemptPut(intent.id, attempt),\n', ''],
  ),
  one(
    'delete-on-error',
    'an error after the POST frees the claim, as a lease does',
    `${MESSAGING}/send-message/deliver-intent.ts`,
    [
      '  return recordProof(transition.intent, { attempt, outcome, consent: seen.consent }, command, ports);\n}',
      "  try {\n    return await recordProof(transition.intent, { attempt, outcome, consent: seen.consent }, command, ports);\n  } catch (error) {\n    const freed = recordOutcome(transition.intent, attempt, { kind: 'not-sent', reason: 'failed', durationMilliseconds: 0 }, moment(command, ports));\n    await writeTransition(transition.intent, freed, [], ports);\n    throw error;\n  }\n}",
    ],
  ),
  one(
    'resend-from-unknown',
    'an unknown outcome is tried again at once',
    `${MESSAGING}/domain/lifecycle.ts`,
    [
      'return becomeUnknown(intent, outcome.reason, moment);',
      'return defer(intent, outcome.reason, moment);',
    ],
  ),
  one(
    'armed-tried-again',
    'the sweeper sends what its sender left armed',
    `${MESSAGING}/domain/lifecycle.ts`,
    [
      "return { kind: 'unknown', transition: becomeUnknown(intent, reason, moment) };",
      "return { kind: 'unknown', transition: defer(intent, reason, moment) };",
    ],
  ),
  one(
    'armed-forgotten',
    'nobody looks after an intent that its sender left armed',
    `${MESSAGING}/domain/lifecycle.ts`,
    [
      "if (dueAt > moment.now) return { kind: 'not-due' };",
      "if (dueAt > moment.now || state === 'ARMED') return { kind: 'not-due' };",
    ],
  ),
  one(
    'deadline-ignored',
    'what is late is sent all the same',
    `${MESSAGING}/domain/lifecycle.ts`,
    ["if (moment.now >= intent.deadline) return { kind: 'expire', transition: expire(intent, moment) };", ''],
    [
      "if (state === 'PENDING' && moment.now >= intent.deadline) {",
      "if (state === 'PENDING' && moment.now < 0) {",
    ],
  ),
  one(
    'schedule-ignored',
    'what is scheduled is sent as soon as it comes from the queue',
    `${MESSAGING}/domain/lifecycle.ts`,
    [
      "if (moment.now < intent.notBefore) return { kind: 'wait', milliseconds: intent.notBefore - moment.now };",
      '',
    ],
    [
      'export function request(intent: Intent): Transition {\n',
      'export function request(given: Intent): Transition {\n  const intent = given;\n  if (intent.notBefore - intent.createdAt < 20 * 60_000) return request2({ ...given, notBefore: given.createdAt });\n  return request2(given);\n}\n\nfunction request2(intent: Intent): Transition {\n',
    ],
  ),
  one(
    'cancel-after-arming',
    'a cancel is confirmed although the message is on its way',
    `${MESSAGING}/domain/canceling.ts`,
    [
      "if (intent.state === 'PENDING') return { kind: 'cancel',",
      "if (intent.state === 'PENDING' || intent.state === 'ARMED') return { kind: 'cancel',",
    ],
  ),
  one(
    'dispatch-forgotten',
    'a deferred intent has neither a queue message nor an appointment',
    `${MESSAGING}/domain/lifecycle.ts`,
    [
      "advance(intent, moment, { state: 'PENDING', notBefore, dueAt, reason });",
      "advance(intent, moment, { state: 'PENDING', notBefore, dueAt: dueAt + 400 * 86_400_000, reason });",
    ],
    [
      'return { intent: pending, outbox: [told, ...(dispatch ? [dispatch] : [])] };\n}\n\n/** What the one POST',
      'return { intent: pending, outbox: [told] };\n}\n\n/** What the one POST',
    ],
  ),
  one(
    'timeout-means-not-sent',
    'no answer is taken for no message',
    'functions/shared/twilio/create-resource.ts',
    [
      "return { kind: 'unknown', durationMilliseconds, ...result.partial, reason: result.reason };",
      'return notSent(result.reason, durationMilliseconds);',
    ],
  ),
  one(
    'server-error-means-not-sent',
    'a 5xx is taken for no message',
    'functions/shared/twilio/judge-answer.ts',
    ['if (httpStatus === 429) {', 'if (httpStatus === 429 || httpStatus >= 500) {'],
  ),
  one(
    'server-error-means-refused',
    'a 5xx is taken for a refusal',
    'functions/shared/twilio/judge-answer.ts',
    ['if (httpStatus >= 400 && httpStatus < 500) {', 'if (httpStatus >= 400 && httpStatus < 600) {'],
  ),
  one(
    'key-not-hashed',
    'the id does not follow from the idempotency key',
    `${MESSAGING}/request-message.ts`,
    [
      '      id: intentIdOf(command.clientId, command.idempotencyKey),\n      clientId',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
      '      id: intentIdOf(command.clientId, `${command.idempotencyKey}/${owner}`),\n      clientId',
    ],
  ),
  one('other-content-same-key', 'a reused key is answered like a repeat', `${MESSAGING}/request-message.ts`, [
    'known.requestHash === hashOfRequest(command) ?',
    'known.requestHash !== hashOfRequest.name ?',
  ]),
];

export const SETTLING_BUGS: readonly KnownBug[] = [
  one(
    'absence-is-proof',
    'what the list does not show at once is sent again',
    `${MESSAGING}/domain/settlement.ts`,
    ['const settleAt = armedAt + rule.settleSeconds * 1000;', 'const settleAt = armedAt;'],
  ),
  one(
    'expired-in-doubt',
    'a listed message that may be ours does not keep an intent from expiring',
    `${MESSAGING}/domain/settlement.ts`,
    ["(policy === 'expire' && candidates === 0)", "policy === 'expire'"],
  ),
  one(
    'unread-list-is-empty',
    'a list that could not be read is taken for an empty one',
    `${MESSAGING}/settle-intent/settle-unknown.ts`,
    [
      "  if (evidence.kind !== 'evidence') {\n    const next",
      "  if (evidence.kind !== 'evidence' && rule.policy === 'never') {\n    const next",
    ],
    [
      'const decision = settle(intent, evidence, rule, moment.now);',
      "const decision = settle(intent, evidence.kind === 'evidence' ? evidence : { unbound: [], rivals: [], isComplete: true }, rule, moment.now);",
    ],
  ),
];
