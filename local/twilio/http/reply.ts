/** What a route answers: an HTTP answer, no answer at all, or a connection cut off. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
      /** Called where the client had gone before the answer was there. */
      readonly onUnheard?: () => void;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' };

export const json = (status: number, body: unknown): Reply => ({
  kind: 'answer',
  status,
  headers: { 'Content-Type': 'application/json;charset=utf-8' },
  body: JSON.stringify(body),
});

export const noContent = (): Reply => ({ kind: 'answer', status: 204, headers: {}, body: '' });

export const bytes = (contentType: string, body: Buffer): Reply => ({
  kind: 'answer',
  status: 200,
  headers: { 'Content-Type': contentType },
  body,
});

export const redirect = (status: 302 | 307, location: string): Reply => ({
  kind: 'answer',
  status,
  headers: { Location: location },
  body: '',
});

/** RFC 9457: the simulator's own routes answer so, those of Twilio answer as Twilio does. */
export const problem = (status: number, title: string, detail?: unknown): Reply => ({
  kind: 'answer',
  status,
  headers: { 'Content-Type': 'application/problem+json' },
  body: JSON.stringify({ type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) }),
});
