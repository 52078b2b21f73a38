import { createHmac } from 'node:crypto';

export const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
export const AUTH_TOKEN = '12345678901234567890123456789012';
export const ORIGIN = 'https://hooks.example.com';
const PATH = `/twilio/${ACCOUNT_SID}/messages/inbound`;
export const WEBHOOK_URL = `${ORIGIN}${PATH}`;

/** The 20 parameters of an ordinary inbound SMS; `serial` makes its SID. */
export const messageParameters = (serial: number): Record<string, string> => {
  const sid = `SM${serial.toString(16).padStart(32, '0')}`;
  return {
    ToCountry: 'US',
    ToState: 'NJ',
    SmsMessageSid: sid,
    NumMedia: '0',
    ToCity: 'MORRISTOWN',
    FromZip: '07860',
    SmsSid: sid,
    FromState: 'NJ',
    SmsStatus: 'received',
    FromCity: 'NEWTON',
    Body: 'Could we move the appointment to Thursday afternoon, please? Mornings are difficult this week.',
    FromCountry: 'US',
    To: '+15550100003',
    MessagingServiceSid: `MG${'0'.repeat(32)}`,
    ToZip: '07960',
    NumSegments: '1',
    MessageSid: sid,
    AccountSid: ACCOUNT_SID,
    From: '+15550100004',
    ApiVersion: '2010-04-01',
  };
};

export const sign = (parameters: Readonly<Record<string, string>>, token = AUTH_TOKEN): string => {
  const text = Object.keys(parameters)
    .sort()
    .map((name) => name + parameters[name]);
  return createHmac('sha1', token)
    .update(WEBHOOK_URL + text.join(''))
    .digest('base64');
};

/** The event that an HTTP API hands to its function (payload 2.0). */
export const webhookEvent = (serial: number) => {
  const parameters = messageParameters(serial);
  return {
    version: '2.0',
    routeKey: 'POST /twilio/{accountSid}/messages/inbound',
    rawPath: PATH,
    rawQueryString: '',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': sign(parameters),
    },
    pathParameters: { accountSid: ACCOUNT_SID },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'hooks.example.com',
      domainPrefix: 'hooks',
      http: {
        method: 'POST',
        path: PATH,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'TwilioProxy/1.1',
      },
      requestId: `request-${serial}`,
      routeKey: 'POST /twilio/{accountSid}/messages/inbound',
      stage: '$default',
      time: '01/Mar/2026:12:00:00 +0000',
      timeEpoch: 1_772_366_400_000,
    },
    body: new URLSearchParams(parameters).toString(),
    isBase64Encoded: false,
  };
};

/** What both handlers read from their environment, and the AWS SDKs from theirs. */
export const handlerEnvironment = (awsUrl: string): Readonly<Record<string, string>> => ({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret-only-an-example-of-forty-ch',
  AWS_ENDPOINT_URL: awsUrl,
  AWS_LAMBDA_FUNCTION_NAME: 'receive-webhook',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  TRUNKLINE_ENVIRONMENT: 'bench',
  HOOKS_ORIGIN: ORIGIN,
  TWILIO_ACCOUNT_SIDS: ACCOUNT_SID,
  TWILIO_ACCOUNT_SECRET_PREFIX: 'trunkline/twilio/',
  INBOX_RETENTION_DAYS: '35',
  TASK_INSTRUCTIONS: '{}',
  TABLE_INBOX: 'inbox',
  TWILIO_AUTH_TOKEN: AUTH_TOKEN,
  WEBHOOK_BASE_URL: ORIGIN,
  IDEMPOTENCY_TABLE: 'idempotency',
  EVENT_BUS_NAME: 'events',
  POWERTOOLS_SERVICE_NAME: 'receive-webhook',
  POWERTOOLS_METRICS_NAMESPACE: 'Bench',
});
