import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { FLOWS } from '../../../config/flows/index.ts';
import type { Flow } from '../../../functions/shared/contract/flows/flow.ts';
import { VOICE_ROUTES, type VoiceRoute } from '../../../functions/shared/contract/routes.ts';
import type { CallStart } from '../../../functions/shared/ports/call-starts.ts';
import type { Within } from '../../../functions/shared/ports/deadline.ts';
import type { TableClient } from '../../../functions/shared/ports/table-client.ts';
import { nodeCrypto } from '../../../functions/shared/runtime/webhooks/node-crypto.ts';
import { createHandler } from '../../../functions/voice/answer-call/handler.ts';
import { createCallStarts } from '../../../functions/voice/call-starts.ts';
import type { PlannedRecording } from '../../../functions/voice/domain/step-environment.ts';
import { createFlowShelf } from '../../../functions/voice/flow-shelf.ts';
import { parseXml, type XmlElement } from '../../../local/twilio/twiml/parse-xml.ts';
import { createInMemoryTableClient } from '../in-memory-table-client.ts';
import { MemorySecrets } from '../ingress/memory-secrets.ts';
import { RecordingObserver } from '../ingress/recording-observer.ts';
import { encodeForm, type Parameter, signForm } from '../ingress/twilio-signer.ts';
import { SUPPORT_NUMBER, VOICE_SETTINGS } from './voice-settings.ts';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const OTHER_ACCOUNT = `AC${'fedcba9876543210'.repeat(2)}`;
export const TOKEN = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
export const ORIGIN = 'https://hooks.example.com';
export const FALLBACK_URL = 'https://fallback.example.com/voice/fallback.xml';
export const CALLER = '+15005550099';
/** A Monday, ten in the morning in New York. */
export const OPEN = Date.parse('2026-11-30T15:00:00.000Z');
/** The Sunday before. */
export const CLOSED = Date.parse('2026-11-29T15:00:00.000Z');

export const callSidOf = (number: number): string => `CA${number.toString(16).padStart(32, '0')}`;
export const NOT_RECORDED: PlannedRecording = {
  record: false,
  before: 'nothing',
  wording: '',
  channels: 'mono',
  noticeId: 'none',
  policyVersion: '3',
  jurisdictions: [],
};

export const AGREED: PlannedRecording = {
  record: true,
  before: 'notice',
  wording: 'This call is recorded.',
  channels: 'dual',
  noticeId: 'us-all-party',
  policyVersion: '3',
  jurisdictions: ['US-CA'],
};

export interface HarnessOptions {
  readonly flows?: Readonly<Record<string, Flow>>;
  readonly recording?: PlannedRecording;
  /** Wraps the tables of this sandbox. */
  readonly tables?: (tables: TableClient) => TableClient;
  readonly within?: Within;
}

export interface Delivery {
  readonly route?: VoiceRoute;
  readonly token?: string;
  readonly accountSid?: string;
  readonly parameters?: readonly Parameter[];
  readonly callSid?: string;
  readonly signature?: string;
  readonly query?: string;
  readonly contentType?: string;
}

type Sandbox = ReturnType<typeof createHandler>;

/** The real handler over tables in memory, and Twilio at the other end. */
export class VoiceHarness {
  readonly tables = createInMemoryTableClient();
  readonly secrets = new MemorySecrets();
  readonly observer = new RecordingObserver();
  now = OPEN;
  #invocations = 0;
  #tokens = 0;
  #handler: Sandbox;

  constructor(options: HarnessOptions = {}) {
    this.secrets.set(ACCOUNT, TOKEN);
    this.#handler = this.sandbox(options);
  }

  /** A new sandbox over the same tables: what a deployment, or a cold start, brings. */
  sandbox(options: HarnessOptions = {}): Sandbox {
    const clock = () => this.now;
    const tables = options.tables?.(this.tables) ?? this.tables;
    const ports = {
      tables,
      secrets: this.secrets,
      observer: this.observer,
      crypto: nodeCrypto,
      clock,
      randomness: { token: () => this.#token(), fraction: () => 0 },
      sleep: () => Promise.resolve(),
      within: options.within ?? (async (_, work) => await work),
      flows: createFlowShelf(options.flows ?? FLOWS, { tables, crypto: nodeCrypto, clock }),
    } satisfies Parameters<typeof createHandler>[0];
    return createHandler(ports, {
      hooksOrigin: ORIGIN,
      accountSids: new Set([ACCOUNT]),
      voice: VOICE_SETTINGS,
      fallbackUrl: FALLBACK_URL,
      planRecording: () => options.recording ?? NOT_RECORDED,
    });
  }

  redeploy(options: HarnessOptions): void {
    this.#handler = this.sandbox(options);
  }

  async arm(start: Partial<CallStart> & { readonly token: string }): Promise<void> {
    const { kind: _, ...put } = createCallStarts().put({
      accountSid: ACCOUNT,
      intentId: 'itn_1',
      attempt: 1,
      flow: 'appointment',
      context: { day: 'Tuesday', time: 'ten', place: '1 Main Street' },
      correlationId: 'order-7',
      expiresAt: Math.floor(this.now / 1000) + 3600,
      ...start,
    });
    await this.tables.put(put);
  }

  /** As Twilio: signed, with the parameters that every request of a call has. */
  async post(delivery: Delivery = {}): Promise<APIGatewayProxyStructuredResultV2> {
    const { callSid = callSidOf(1), parameters = [] } = delivery;
    const given = new Set(parameters.map(([name]) => name));
    const form: readonly Parameter[] = [
      ...COMMON.filter(([name]) => !given.has(name)),
      ...(given.has('CallSid') ? [] : [['CallSid', callSid] as const]),
      ...parameters,
    ];
    const query = delivery.query === undefined ? '' : `?${delivery.query}`;
    const signature = delivery.signature ?? signForm(TOKEN, `${ORIGIN}${pathOf(delivery)}${query}`, form);
    this.#invocations += 1;
    return await this.#handler(eventOf(delivery, encodeForm(form), signature), {
      awsRequestId: `request-${this.#invocations}`,
    });
  }

  /** Follows an address that a document named. */
  async follow(url: string, parameters: readonly Parameter[] = [], callSid = callSidOf(1)) {
    return await this.post({ ...addressOf(url), parameters, callSid });
  }

  events(): readonly { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[] {
    return this.tables
      .drainStream()
      .flatMap(({ newImage }) => (Array.isArray(newImage?.outbox) ? newImage.outbox : []))
      .map((entry) => entry.event);
  }

  outcomes(): readonly string[] {
    return [...this.observer.counts.keys()].flatMap((name) =>
      name.startsWith('CallAnswer:') ? [name.slice(11)] : [],
    );
  }

  #token(): string {
    this.#tokens += 1;
    return `T${String(this.#tokens).padStart(21, '0')}`;
  }
}

const COMMON: readonly Parameter[] = [
  ['AccountSid', ACCOUNT],
  ['From', CALLER],
  ['To', SUPPORT_NUMBER],
  ['CallStatus', 'in-progress'],
  ['Direction', 'inbound'],
  ['ApiVersion', '2010-04-01'],
];

const pathOf = ({ route = 'callInbound', accountSid = ACCOUNT, token = '' }: Delivery): string =>
  VOICE_ROUTES[route].replace('{accountSid}', accountSid).replace('{token}', token);

/** Route and token of an address in a document. */
export const addressOf = (url: string): { readonly route: VoiceRoute; readonly token: string } => {
  const [, kind, token = ''] = /\/voice\/(steps|waits)\/([\w-]+)/.exec(url) ?? [];
  return { route: kind === 'waits' ? 'callWait' : 'callStep', token };
};

export const verbsOf = ({ body }: APIGatewayProxyStructuredResultV2): readonly XmlElement[] => {
  const parsed = parseXml(body ?? '');
  if (parsed.kind !== 'parsed') throw new Error(`not XML: ${parsed.detail}`);
  return parsed.root.children;
};

/** Names of the verbs of an answer, in order. */
export const shape = (answer: APIGatewayProxyStructuredResultV2): string =>
  verbsOf(answer)
    .map(({ name }) => name)
    .join(' ');

/** Where the next step goes, whichever verb leads there. */
export const nextStep = (answer: APIGatewayProxyStructuredResultV2): string => {
  const verb = verbsOf(answer).find(({ attributes }) => attributes.action !== undefined);
  if (verb?.attributes.action === undefined) throw new Error(`no way on in ${answer.body}`);
  return verb.attributes.action;
};

const eventOf = (delivery: Delivery, body: string, signature: string): APIGatewayProxyEventV2 => {
  const { route = 'callInbound', accountSid = ACCOUNT, token = '' } = delivery;
  const routeKey = `POST ${VOICE_ROUTES[route]}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: '/not/to/be/used',
    rawQueryString: delivery.query ?? '',
    headers: {
      'content-type': delivery.contentType ?? 'application/x-www-form-urlencoded; charset=UTF-8',
      host: 'evil.example',
      'x-twilio-signature': signature,
    },
    pathParameters: { accountSid, ...(token !== '' && { token }) },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'evil.example',
      domainPrefix: 'evil',
      http: {
        method: 'POST',
        path: '/',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'TwilioProxy/1.1',
      },
      requestId: 'request',
      routeKey,
      stage: '$default',
      time: '30/Nov/2026:15:00:00 +0000',
      timeEpoch: 0,
    },
    body,
    isBase64Encoded: false,
  };
};
