import { describe, expect, test } from '@jest/globals';
import {
  isText,
  type PayloadContext,
  type RawRequest,
  requestPayload,
} from '../../../local/cloud/http-api/request-payload.ts';
import { errorAnswer, responsePayload } from '../../../local/cloud/http-api/response-payload.ts';

const request: RawRequest = {
  method: 'POST',
  url: '/twilio/AC1/mess%C3%A4ges?a=1&a=2%2B3&b=x%20y',
  rawHeaders: [
    'Host',
    'hooks.local',
    'Content-Type',
    'application/x-www-form-urlencoded',
    'X-Twilio-Signature',
    'abc=',
    'X-Twice',
    'one',
    'x-twice',
    'two',
    'Cookie',
    'a=b; c=d',
    'User-Agent',
    'TwilioProxy/1.1',
    'Connection',
    'close',
  ],
  body: Buffer.from('Body=Hi+there'),
  sourceIp: '203.0.113.7',
  httpVersion: '1.1',
};

const context: PayloadContext = {
  routeKey: 'POST /twilio/{accountSid}/{proxy+}',
  pathParameters: { accountSid: 'AC1', proxy: 'messäges' },
  requestId: '01234567-89ab-cdef-0123-456789abcdef',
  apiId: 'abcdefghij',
  accountId: '000000000000',
  domainName: '127.0.0.1',
  port: 4001,
  receivedAt: new Date('2027-03-12T19:03:58.123Z'),
  stageVariables: {},
};

describe('the request event of payload format 2.0', () => {
  test('a form arrives as base64, the query verbatim, the path decoded, headers lower-case and joined', () => {
    expect(requestPayload(request, context)).toEqual({
      version: '2.0',
      routeKey: 'POST /twilio/{accountSid}/{proxy+}',
      rawPath: '/twilio/AC1/messäges',
      rawQueryString: 'a=1&a=2%2B3&b=x%20y',
      cookies: ['a=b', 'c=d'],
      headers: {
        host: 'hooks.local',
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': 'abc=',
        'x-twice': 'one,two',
        'user-agent': 'TwilioProxy/1.1',
        'content-length': '13',
        'x-amzn-trace-id': 'Root=1-6b94419e-0123456789abcdef01234567',
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-port': '4001',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2+3', b: 'x y' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'abcdefghij',
        domainName: '127.0.0.1',
        domainPrefix: '127',
        http: {
          method: 'POST',
          path: '/twilio/AC1/messäges',
          protocol: 'HTTP/1.1',
          sourceIp: '203.0.113.7',
          userAgent: 'TwilioProxy/1.1',
        },
        requestId: '01234567-89ab-cdef-0123-456789abcdef',
        routeKey: 'POST /twilio/{accountSid}/{proxy+}',
        stage: '$default',
        time: '12/Mar/2027:19:03:58 +0000',
        timeEpoch: 1_804_878_238_123,
      },
      pathParameters: { accountSid: 'AC1', proxy: 'messäges' },
      body: 'Qm9keT1IaSt0aGVyZQ==',
      isBase64Encoded: true,
    });
  });

  test('a request without body, query, cookies and parameters has none of these members', () => {
    const bare: RawRequest = {
      ...request,
      method: 'GET',
      url: '/health',
      rawHeaders: ['Host', 'h'],
      body: Buffer.alloc(0),
    };
    const event = requestPayload(bare, { ...context, routeKey: 'GET /health', pathParameters: {} });
    expect(Object.keys(Object(event)).sort()).toEqual(
      [
        'version',
        'routeKey',
        'rawPath',
        'rawQueryString',
        'headers',
        'requestContext',
        'isBase64Encoded',
      ].sort(),
    );
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'TEXT/HTML',
    'application/xml',
    'application/javascript',
  ])('%s is text', (type) => expect(isText(type)).toBe(true));

  test.each([
    'application/x-www-form-urlencoded',
    'application/problem+json',
    'application/octet-stream',
    'image/png',
    undefined,
  ])('%s is base64', (type) => expect(isText(type)).toBe(false));
});

describe('the response of a function', () => {
  test('with a status code is what it describes', () => {
    const answer = responsePayload(
      JSON.stringify({
        statusCode: 200,
        headers: { 'Content-Type': 'text/xml', 'X-N': 1 },
        cookies: ['a=b'],
        body: '<Response/>',
      }),
    );
    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/xml', 'x-n': '1', 'set-cookie': ['a=b'] },
      body: Buffer.from('<Response/>'),
    });
  });

  test('in base64 is decoded', () => {
    expect(responsePayload('{"statusCode":200,"body":"aGk=","isBase64Encoded":true}').body.toString()).toBe(
      'hi',
    );
  });

  test('without a status code is the JSON body of a 200', () => {
    expect(responsePayload('{"ok":true}')).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"ok":true}'),
    });
    expect(responsePayload('"Hello"').body.toString()).toBe('Hello');
  });

  test.each(['{"statusCode":"many"}', '{"statusCode":200,"body":{"not":"text"}}', '{"statusCode":42}'])(
    '%s is malformed and answers 500',
    (json) => expect(responsePayload(json)).toEqual(errorAnswer(500, 'Internal Server Error')),
  );
});
