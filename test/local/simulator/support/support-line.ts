import type { Answer, ReceivedWebhook } from './webhook-receiver.ts';

export type Page = string | ((webhook: ReceivedWebhook) => string);

/** A small TwiML application: an answer for each path, 404 for all others. */
export const application =
  (pages: Readonly<Record<string, Page>>): Answer =>
  (webhook, response) => {
    const page = pages[webhook.path.split('?')[0] ?? ''];
    if (page === undefined) {
      response.statusCode = 404;
      response.end();
      return;
    }
    const xml = typeof page === 'string' ? page : page(webhook);
    response.setHeader('Content-Type', 'text/xml').end(`<?xml version="1.0"?><Response>${xml}</Response>`);
  };

/** A line with a menu, as any application might write it. */
export const supportLine: Readonly<Record<string, Page>> = {
  '/voice':
    '<Gather numDigits="1" action="/menu" timeout="4"><Say>Press 1 for opening hours, 2 for an agent.</Say></Gather><Say>We heard nothing. Goodbye.</Say>',
  '/menu': ({ params }) =>
    params.Digits === '1'
      ? '<Say>We are open from nine to five.</Say><Hangup/>'
      : '<Say>That is not on the menu.</Say><Redirect>/voice</Redirect>',
};
