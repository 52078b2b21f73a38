import type { GetResult } from '../../../functions/shared/twilio/ledger-get.ts';
import { ACCOUNT } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { inboundResource, outboundResource } from './message-resource.ts';

const LIST = `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
const ONE = new RegExp(`^/2010-04-01/Accounts/${ACCOUNT}/Messages/((?:SM|MM)[0-9a-f]{32})\\.json$`);

/** Answers to `GET Messages.json` and `GET Messages/{sid}.json`; the list lags, a resource does not. */
export const answerGet = (
  world: World,
  ledger: Ledger,
  url: URL,
): { readonly status: number; readonly content: object } => {
  const sid = ONE.exec(url.pathname)?.[1];
  if (sid !== undefined) return answerOne(world, ledger, sid);
  if (url.pathname !== LIST) throw new Error(`the simulated Twilio has no ${url.pathname}`);
  return answerList(world, ledger, url);
};

const NOT_FOUND = { status: 404, content: { code: 20404, status: 404, message: 'not found' } };

const answerOne = (world: World, ledger: Ledger, sid: string) => {
  const message = ledger.messages.get(sid);
  if (message !== undefined) return { status: 200, content: outboundResource(message, world.now) };
  const text = ledger.inbound.get(sid);
  return text === undefined ? NOT_FOUND : { status: 200, content: inboundResource(text) };
};

const answerList = (world: World, ledger: Ledger, url: URL) => {
  const { searchParams } = url;
  const [to, from] = [searchParams.get('To'), searchParams.get('From')];
  const pageSize = Number(searchParams.get('PageSize') ?? 50);
  const page = Number(searchParams.get('Page') ?? 0);
  const outbound = [...ledger.messages.values()]
    .filter((message) => message.listedAt <= world.now && (to === null || message.to === to) && from === null)
    .map((message) => ({ at: message.acceptedAt, resource: outboundResource(message, world.now) }));
  const inbound = [...ledger.inbound.values()]
    .filter((text) => text.listedAt <= world.now && (from === null || text.from === from))
    .filter(() => to === null || !to.startsWith('+1555010'))
    .map((text) => ({ at: text.sentAt, resource: inboundResource(text) }));
  const all = [...outbound, ...inbound].sort((one, other) => other.at - one.at);
  const messages = all.slice(page * pageSize, (page + 1) * pageSize).map(({ resource }) => resource);
  const hasMore = all.length > (page + 1) * pageSize;
  const next = new URLSearchParams(searchParams);
  next.set('Page', String(page + 1));
  return { status: 200, content: { messages, next_page_uri: hasMore ? `${LIST}?${next}` : null } };
};

/** How a read goes wrong, if it does. */
export const failGet = (
  world: World,
  {
    timeoutMilliseconds,
    isUnreadable,
  }: { readonly timeoutMilliseconds: number; readonly isUnreadable: boolean },
): { readonly result: GetResult; readonly after: number } | undefined => {
  const random = world.random('reads');
  if (!isUnreadable && !random.chance(world.faults.readFails)) return undefined;
  if (isUnreadable) world.coverage.reach('fault: Twilio cannot be read for minutes');
  const how = random.pick(['429', '503', 'timeout', 'reset', 'rubbish'] as const);
  world.coverage.reach(`fault: read of Twilio fails: ${how}`);
  const answered = (httpStatus: number, body: string): GetResult => ({
    kind: 'answered',
    answer: { httpStatus, headers: new Map(), body },
  });
  const after = random.between(50, 900);
  switch (how) {
    case '429':
      return { result: answered(429, '{"code":20429}'), after };
    case '503':
      return { result: answered(503, '{"code":20503}'), after };
    case 'rubbish':
      return { result: answered(200, '<html>'), after };
    case 'timeout':
      return { result: { kind: 'no-answer', reason: 'timeout' }, after: timeoutMilliseconds };
    case 'reset':
      return { result: { kind: 'no-answer', reason: 'ECONNRESET' }, after };
  }
};
