import { createHmac } from 'node:crypto';
import { ACCOUNT_SID, AUTH_TOKEN, handlerEnvironment, ORIGIN } from '../webhooks.ts';

const ROUTE = '/twilio/{accountSid}/voice/inbound';
const PATH = ROUTE.replace('{accountSid}', ACCOUNT_SID);

const PARAMETERS: Readonly<Record<string, string>> = {
  AccountSid: ACCOUNT_SID,
  ApiVersion: '2010-04-01',
  CallSid: `CA${'0'.repeat(31)}1`,
  CallStatus: 'ringing',
  Called: '+15550100003',
  CalledCity: 'MORRISTOWN',
  CalledCountry: 'US',
  CalledState: 'NJ',
  Caller: '+15550100004',
  CallerCity: 'NEWTON',
  CallerCountry: 'US',
  CallerState: 'NJ',
  Direction: 'inbound',
  From: '+15550100004',
  StirVerstat: 'TN-Validation-Passed-A',
  To: '+15550100003',
};

/** The event of an inbound call, as an HTTP API hands it to its function. */
export const callEvent = () => {
  const signed = Object.keys(PARAMETERS)
    .sort()
    .map((name) => name + PARAMETERS[name])
    .join('');
  const signature = createHmac('sha1', AUTH_TOKEN).update(`${ORIGIN}${PATH}${signed}`).digest('base64');
  return {
    version: '2.0',
    routeKey: `POST ${ROUTE}`,
    rawPath: PATH,
    rawQueryString: '',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': signature,
    },
    pathParameters: { accountSid: ACCOUNT_SID },
    requestContext: {},
    body: new URLSearchParams(PARAMETERS).toString(),
    isBase64Encoded: false,
  };
};

const VOICE = {
  numbers: {},
  defaultFlow: 'support-line',
  destinations: { office: '+15550100110', backup: '+15550100111' },
  workflows: {},
  calendars: {
    support: { timeZone: 'America/New_York', weekly: { mon: [['00:00', '24:00']] }, closedOn: [] },
  },
  fallback: { language: 'en-US', apology: 'We are sorry.', farewell: 'Goodbye.' },
};

/** What both handlers read from their environment. */
export const callEnvironment = (awsUrl: string): Readonly<Record<string, string>> => ({
  ...handlerEnvironment(awsUrl),
  TABLE_VOICE: 'voice',
  VOICE_SETTINGS: JSON.stringify(VOICE),
  VOICE_FALLBACK_URL: 'https://fallback.example.com/voice/fallback.xml',
});
