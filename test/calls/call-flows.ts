import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { VOICE_ROUTES, type VoiceRoute } from '../../functions/shared/contract/routes.ts';
import { safeAnswer } from '../../functions/voice/domain/safe-answer.ts';
import { renderTwiml } from '../../functions/voice/domain/twiml.ts';
import type { FaultsInput } from '../../local/twilio/domain/faults.ts';
import { randomPerson } from '../../local/twilio/random-person.ts';
import {
  type CallSimulationReport,
  type FinishedCall,
  simulateCalls,
} from '../../local/twilio/simulate-calls.ts';
import type { TransportRequest, WebhookTransport } from '../../local/twilio/webhooks/webhook-transport.ts';
import { ACCOUNT, FALLBACK_URL, OPEN, ORIGIN, TOKEN, VoiceHarness } from '../fakes/voice/voice-harness.ts';
import {
  BACKUP,
  FALLBACK_NUMBER,
  OFFICE,
  SUPPORT_NUMBER,
  VOICE_SETTINGS,
} from '../fakes/voice/voice-settings.ts';

export interface CallRun {
  readonly calls: number;
  readonly seed: string;
  readonly faults?: FaultsInput | undefined;
  readonly onCallOver?: ((finished: FinishedCall) => void) | undefined;
}

const AGENT = '+15005550020';
const talks = (seconds: number) => ({
  script: [{ on: 'bridge' as const, hangUp: true, afterMs: seconds * 1000 }],
});

/** Random callers of the support line, against the deployed handler in process: its flows, its fallback, no sockets. */
export function callFlows({ calls, seed, faults, onCallOver }: CallRun): Promise<CallSimulationReport> {
  return simulateCalls({
    calls,
    faults,
    onCallOver,
    startAt: OPEN,
    settings: {
      seed,
      accounts: [
        {
          accountSid: ACCOUNT,
          authToken: TOKEN,
          callsPerSecond: 100,
          numbers: [
            {
              phoneNumber: SUPPORT_NUMBER,
              voiceUrl: `${ORIGIN}${pathOf('callInbound')}#rc=1&rp=all`,
              voiceFallbackUrl: FALLBACK_URL,
              voiceFallbackMethod: 'GET',
            },
          ],
        },
      ],
    },
    transport: application,
    callerOf: (ordinal) => ({
      from: `+1500${String(6_000_000 + ordinal)}`,
      to: SUPPORT_NUMBER,
      person: randomPerson({ keys: KEYS, phrases: PHRASES }, seed, ordinal),
    }),
    phones: {
      [OFFICE]: [talks(40), { outcome: 'busy' }, { outcome: 'rings-out' }, { outcome: 'unreachable' }],
      [BACKUP]: [{ outcome: 'rejects' }, talks(25), { outcome: 'carrier-fails' }],
      [FALLBACK_NUMBER]: [{ outcome: 'rings-out' }, talks(15)],
      [AGENT]: [talks(45)],
    },
    agents: [{ accountSid: ACCOUNT, address: AGENT, from: SUPPORT_NUMBER, queue: 'support', callMs: 45_000 }],
  });
}

const KEYS = ['1', '1', '2', '2', '3', '9', '#', '*', '0', '12', '7'];
const PHRASES = [
  'support',
  'office',
  'a person',
  'opening hours',
  'again',
  'no idea',
  '…',
  'Straße',
  '日本語',
];

/** Lambda's part: a request becomes an event, its answer an HTTP answer; the static documents lie beside. */
function application(now: () => number): WebhookTransport {
  const harness = new VoiceHarness();
  const handle = harness.sandbox({});
  let invocations = 0;
  return async (request) => {
    harness.now = now();
    const document = documents[request.url.split('?')[0] ?? ''];
    if (document !== undefined) return answered(200, document);
    const event = eventOf(request);
    if (!event) return answered(404, '');
    invocations += 1;
    const { statusCode = 200, body = '' } = await handle(event, { awsRequestId: `run-${invocations}` });
    harness.tables.drainStream();
    return answered(statusCode, body);
  };
}

const goodbye = new URL('goodbye.xml', FALLBACK_URL).href;
const documents: Readonly<Record<string, string>> = {
  [FALLBACK_URL]: renderTwiml(safeAnswer(VOICE_SETTINGS.fallback, { goodbye: 'goodbye.xml' })),
  [goodbye]: renderTwiml([
    { verb: 'say', text: VOICE_SETTINGS.fallback.farewell, language: VOICE_SETTINGS.fallback.language },
    { verb: 'hangup' },
  ]),
};

const answered = (statusCode: number, body: string) =>
  ({
    kind: 'answered',
    statusCode,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body,
    tookMs: 60,
  }) as const;

const pathOf = (route: VoiceRoute, token = ''): string =>
  VOICE_ROUTES[route].replace('{accountSid}', ACCOUNT).replace('{token}', token);

const routes = Object.entries(VOICE_ROUTES).map(([, template]) => ({
  template,
  pattern: new RegExp(
    `^${template.replace('{accountSid}', '(?<accountSid>\\w+)').replace('{token}', '(?<token>[\\w-]+)')}$`,
  ),
}));

/** The event that API Gateway makes of a request; undefined where no route takes it. */
function eventOf({ url, method, headers, body = '' }: TransportRequest): APIGatewayProxyEventV2 | undefined {
  const { pathname, search } = new URL(url);
  for (const { template, pattern } of routes) {
    const match = pattern.exec(pathname);
    if (!match) continue;
    const routeKey = `${method} ${template}`;
    const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    return {
      version: '2.0',
      routeKey,
      rawPath: pathname,
      rawQueryString: search.slice(1),
      headers: Object.fromEntries(lowerCase),
      pathParameters: { ...match.groups },
      requestContext: {
        accountId: '000000000000',
        apiId: 'api',
        domainName: 'hooks.example.com',
        domainPrefix: 'hooks',
        http: {
          method,
          path: pathname,
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'TwilioProxy/1.1',
        },
        requestId: 'request',
        routeKey,
        stage: '$default',
        time: '',
        timeEpoch: 0,
      },
      body,
      isBase64Encoded: false,
    };
  }
  return undefined;
}
