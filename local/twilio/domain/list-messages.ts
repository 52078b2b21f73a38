import type { MessageRecord } from './message.ts';
import { type TwilioError, twilioError } from './twilio-error.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly page: number;
  readonly pageSize: number;
  readonly nextToken?: string | undefined;
}

export type PageResult<T> =
  | { readonly kind: 'page'; readonly page: Page<T> }
  | { readonly kind: 'invalid'; readonly error: TwilioError };

/** The filters of `GET Messages.json`: To, From and DateSent by day or by instant, newest message first. */
export function filterMessages(
  messages: readonly MessageRecord[],
  query: URLSearchParams,
  now: number,
): MessageRecord[] {
  const to = query.get('To');
  const from = query.get('From');
  return messages
    .filter((message) => !message.deleted && message.listedFrom <= now)
    .filter((message) => (!to || message.to === to) && (!from || message.from === from))
    .filter((message) => isWithinDates(message.sentAt, query))
    .sort((one, other) => other.acceptedAt - one.acceptedAt || other.ordinal - one.ordinal);
}

/** `DateSent` means that day (UTC), `DateSent>` on and after, `DateSent<` on and before: a day or an instant. */
function isWithinDates(sentAt: number | null, query: URLSearchParams): boolean {
  const on = query.get('DateSent')?.slice(0, 10);
  const after = query.get('DateSent>');
  const before = query.get('DateSent<');
  if (!on && !after && !before) return true;
  if (sentAt === null) return false;
  return (
    (!on || (sentAt >= startOf(on) && sentAt < endOf(on))) &&
    (!after || sentAt >= startOf(after)) &&
    (!before || sentAt < endOf(before))
  );
}

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);
const startOf = (text: string) => Date.parse(isDay(text) ? `${text}T00:00:00Z` : text);
const endOf = (text: string) => startOf(text) + (isDay(text) ? 86_400_000 : 1000);

/** Pages are found again by the SID of their last item, so that new messages do not shift them. */
export function pageOf<T extends { readonly sid: string }>(
  items: readonly T[],
  query: URLSearchParams,
): PageResult<T> {
  const pageSize = Number(query.get('PageSize') ?? 50);
  if (pageSize > 1000) return { kind: 'invalid', error: twilioError(20007, 'Page size too large') };
  if (!Number.isInteger(pageSize) || pageSize < 1) {
    return { kind: 'invalid', error: twilioError(20001, 'Invalid PageSize') };
  }
  const token = query.get('PageToken');
  const start = token === null ? 0 : items.findIndex(({ sid }) => `PA${sid}` === token) + 1;
  if (token !== null && start === 0) {
    return { kind: 'invalid', error: twilioError(21481, 'Invalid PageToken') };
  }
  const shown = items.slice(start, start + pageSize);
  const last = shown.at(-1);
  const more = start + pageSize < items.length && last !== undefined;
  return {
    kind: 'page',
    page: {
      items: shown,
      page: Number(query.get('Page') ?? 0) || 0,
      pageSize,
      nextToken: more ? `PA${last.sid}` : undefined,
    },
  };
}

/** The list envelope of the 2010-04-01 API. */
export function renderPage(
  name: string,
  page: Page<Record<string, unknown>>,
  location: { readonly path: string; readonly query: URLSearchParams },
): Record<string, unknown> {
  const uri = (number: number, token?: string) => {
    const query = new URLSearchParams(location.query);
    query.set('PageSize', `${page.pageSize}`);
    query.set('Page', `${number}`);
    query.delete('PageToken');
    if (token !== undefined) query.set('PageToken', token);
    return `${location.path}?${query}`;
  };
  const start = page.page * page.pageSize;
  return {
    end: Math.max(start, start + page.items.length - 1),
    first_page_uri: uri(0),
    next_page_uri: page.nextToken === undefined ? null : uri(page.page + 1, page.nextToken),
    page: page.page,
    page_size: page.pageSize,
    previous_page_uri: null,
    start,
    uri: uri(page.page, location.query.get('PageToken') ?? undefined),
    [name]: page.items,
  };
}
