import { type KnownBug, inOneFile as one } from './known-bug.ts';

const MESSAGING = 'functions/messaging';
const INGRESS = 'functions/ingress';

export const STATUS_BUGS: readonly KnownBug[] = [
  one(
    'token-ignored',
    "the attempt's token in a callback's path is not used",
    `${MESSAGING}/record-status/record-status.ts`,
    ["if (typeof inboxItem.token === 'string') {", "if (typeof inboxItem.token === 'number') {"],
  ),
  one('last-status-wins', 'the status that came last is shown', `${MESSAGING}/domain/message-status.ts`, [
    'const after = viewOf(joined) ?? { state: report.status };',
    'const after = { state: report.status };',
  ]),
  one('ranks-swapped', 'a late failure undoes a delivery', `${MESSAGING}/domain/message-status.ts`, [
    '  delivered: 70,',
    '  delivered: 55,',
  ]),
  one(
    'error-code-of-the-first',
    'an error code that comes with a later report is dropped',
    `${MESSAGING}/domain/message-status.ts`,
    ['return codes.length > 0 ? Math.max(...codes) : undefined;', 'return undefined;'],
  ),
  one(
    'orphan-dropped',
    'a callback for a message that is not ours leaves no trace',
    `${MESSAGING}/record-status/record-orphan.ts`,
    ["if (!join.isNew) return 'kept';", "return 'kept';"],
  ),
];

export const INBOUND_BUGS: readonly KnownBug[] = [
  one(
    'acknowledged-before-durable',
    'a webhook is acknowledged although the store did not answer',
    `${INGRESS}/claim-webhook.ts`,
    ["return 'store-unavailable';", "return 'accepted';"],
  ),
  one(
    'claim-without-outbox',
    'a claim does not carry its events: publishing them is a step of its own',
    `${INGRESS}/claim-webhook.ts`,
    ["outbox: claim.events.map((event) => outboxAttribute({ kind: 'event', event })),", ''],
  ),
  one('fallback-is-another-text', 'the fallback has a key of its own', `${INGRESS}/domain/claim.ts`, [
    'const key = inboundMessageKey(messageSid);',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    'const key = `${inboundMessageKey(messageSid)}#${source}`;',
  ]),
  one('signature-unchecked', 'any signature holds', 'functions/shared/runtime/webhooks/verify-webhook.ts', [
    "if (isSigned(known.authTokens)) return 'signed';",
    "if (isSigned(known.authTokens) || known.authTokens.length > 0) return 'signed';",
  ]),
  one(
    'one-token-only',
    'only the first auth token verifies',
    'functions/shared/runtime/webhooks/verify-webhook.ts',
    [
      "return isSigned(fresh.authTokens) ? 'signed' : 'forged';",
      "return isSigned(fresh.authTokens.slice(0, 1)) ? 'signed' : 'forged';",
    ],
  ),
  {
    name: 'unread-secret-is-forgery',
    mistake: 'a token that could not be looked for is called wrong',
    patches: [
      {
        file: 'functions/shared/aws/account-secrets.ts',
        edits: [
          ['if (this.#pending === undefined && this.#hasFailed) throw', 'if (this.#triedAt < 0) throw'],
        ],
      },
      {
        file: 'functions/shared/aws/light/account-secrets.ts',
        edits: [
          [
            'if (loading === undefined && entryOf(accountSid).hasFailed)',
            'if (loading === undefined && accountSid === "")',
          ],
        ],
      },
    ],
  },
  one(
    'effect-without-row',
    'a reply does not depend on its effect row',
    `${MESSAGING}/handle-inbound-message/answer-inbound-message.ts`,
    [
      "[{ kind: 'put', table: 'messaging', item: effect, condition: isAbsent }, ...others]",
      "[{ kind: 'put', table: 'messaging', item: effect }, ...others]",
    ],
  ),
  one(
    'interval-unchecked',
    'two texts at once get two answers',
    `${MESSAGING}/handle-inbound-message/answer-inbound-message.ts`,
    ['...(minimumIntervalSeconds > 0 && { condition:', '...(minimumIntervalSeconds < 0 && { condition:'],
  ),
  one(
    'keyword-answered',
    'words that Twilio answers are answered twice',
    `${MESSAGING}/domain/auto-response.ts`,
    [
      "if (text.keyword !== undefined) return { kind: 'silent', reason: SILENCE[text.keyword] };\n  if (text.answeredByTwilio === true) return { kind: 'silent', reason: 'a keyword that Twilio answers' };",
      "if (text.keyword === 'suspected') return { kind: 'silent', reason: SILENCE[text.keyword] };",
    ],
  ),
];

export const PUBLISHING_BUGS: readonly KnownBug[] = [
  one(
    'refusals-ignored',
    'entries that the bus refuses are taken for published',
    `${INGRESS}/publish-outbox.ts`,
    [
      'refusals = await publishOnce(pending, ports);',
      'await publishOnce(pending, ports);\n    refusals = [];',
    ],
  ),
  one('poison-dropped', 'what cannot be published is dropped', `${INGRESS}/publish-changes.ts`, [
    'const kept = await Promise.all(poisoned.map((item) => setAside(item, ports)));',
    'const kept: (string | undefined)[] = poisoned.flatMap(() => []);',
  ]),
  one(
    'set-aside-as-a-key',
    'what cannot be published is set aside without its entries',
    `${INGRESS}/publish-changes.ts`,
    [
      'await publishFailed.add({ table, key, reason, entries });',
      'await publishFailed.add({ table, key, reason, entries: entries.slice(0, 0) });',
    ],
  ),
  one(
    'failed-record-acknowledged',
    'a message whose handling threw is acknowledged',
    'functions/shared/runtime/queue-handler.ts',
    ["throw new RecordNotDone('failed', { cause: error });", "return { kind: 'ack' };"],
  ),
  one(
    'line-per-delivery',
    'every delivery of an event makes a line of its story',
    'functions/timeline/timeline-rows.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    ['sk: sortKeyOf(published),', 'sk: `${sortKeyOf(published)}#${handledAt}`,'],
  ),
  one(
    'failure-before-the-rest',
    'work goes on after the failure of a part of it was answered',
    'functions/shared/runtime/all-ended.ts',
    [
      'const results = await Promise.allSettled(work);',
      'if (work.length > 0) return Promise.all(work);\n  const results = await Promise.allSettled(work);',
    ],
  ),
];
