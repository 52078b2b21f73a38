import { createHash, createHmac } from 'node:crypto';

export type Parameter = readonly [name: string, value: string];

/** Signs as Twilio's documentation says, written apart from the code under test: names by bytes, values of a name as a set. */
export const signForm = (token: string, url: string, parameters: readonly Parameter[]): string => {
  const distinct = [...new Map(parameters.map((pair) => [JSON.stringify(pair), pair])).values()];
  const sorted = distinct.sort(
    (a, b) =>
      Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) ||
      Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1])),
  );
  return createHmac('sha1', token)
    .update(url + sorted.map(([name, value]) => name + value).join(''))
    .digest('base64');
};

export const signUrl = (token: string, url: string): string => signForm(token, url, []);

export const bodySha256 = (body: string): string => createHash('sha256').update(body).digest('hex');

/** As Twilio writes a form: percent-escapes in upper case, a plus for a space. */
export const encodeForm = (parameters: readonly Parameter[]): string =>
  parameters.map(([name, value]) => `${escapeText(name)}=${escapeText(value)}`).join('&');

const escapeText = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');
