import type { Item } from '../../../functions/shared/ports/table-client.ts';
import type { ChangeRecord } from '../../fakes/in-memory-table-client.ts';
import type { LedgerMessage } from '../twilio/ledger.ts';
import type { Invocation } from '../world/invocation.ts';
import type { World } from '../world/world.ts';
import { judgeArming, judgeOptOuts } from './judge-consent.ts';
import { judgeInbound } from './judge-inbound.ts';
import { judgeIntents } from './judge-intents.ts';
import { judgeStories } from './judge-stories.ts';
import { judgeTransition } from './judge-transition.ts';

/** An event as it stood in an outbox that was committed. */
export interface CommittedEvent {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const keyOfEvent = (id: string, time: string): string => `${id} ${time}`;

/** Longest time from arming to the POST: the function's time-out, and the way. */
const LONGEST_MILLISECONDS = 21_000;

/** Watches every write and every POST while they happen, and everything at the end. */
export class Judge {
  readonly #world: World;
  /** Every event of every committed write, by id and time. */
  readonly events = new Map<string, CommittedEvent>();
  readonly #before = new Map<string, Item>();
  readonly #tokens = new Set<string>();
  /** Every attempt that was ever armed, also where a restore has undone it. */
  readonly attempts = new Map<string, Item>();
  readonly #deciding = new Map<string, Invocation>();

  constructor(world: World) {
    this.#world = world;
  }

  changed({ keys, newImage }: ChangeRecord): void {
    const key = String(keys.pk);
    if (newImage === undefined) return;
    for (const event of eventsOf(newImage)) this.#commit(event);
    if (!key.startsWith('INTENT#')) return;
    judgeTransition(this.#world, this.#before.get(key), newImage);
    judgeArming(this.#world, this.#before.get(key), newImage);
    this.#before.set(key, newImage);
    const token = (newImage.attempt as { readonly token?: string } | undefined)?.token;
    if (token !== undefined) this.attempts.set(token, newImage);
  }

  /** Intents that were armed once and stand in no table any more, each once. */
  lostAttempts(present: ReadonlySet<unknown>): readonly Item[] {
    return [...new Map([...this.attempts.values()].map((intent) => [intent.id, intent])).values()].filter(
      ({ id }) => !present.has(id),
    );
  }

  /** What stands in the restored table is where everything goes on from. */
  restored(items: readonly Item[]): void {
    this.#before.clear();
    for (const item of items) {
      const key = String(item.pk);
      if (key.startsWith('INTENT#')) this.#before.set(key, item);
    }
  }

  /** Two invocations that decide on one intent at the same time: the hardest case of all must have come by. */
  called(invocation: Invocation, name: string, about: string): void {
    if (name !== 'get messaging' || !invocation.functionName.startsWith('send-')) return;
    const other = this.#deciding.get(about);
    this.#deciding.set(about, invocation);
    if (other !== undefined && other !== invocation && other.state === 'running')
      this.#world.coverage.reach('reached: two senders of one intent at once');
  }

  /** At the instant at which Twilio has the request; `message` is what it made of it. */
  posted(form: URLSearchParams, message: LedgerMessage | undefined): void {
    const world = this.#world;
    const token = new URL(form.get('StatusCallback') ?? '').pathname.split('/').at(-1) ?? '';
    const about = message?.sid ?? token;
    if (this.#tokens.has(token)) world.violate('illegal-post', 'an attempt was posted twice', about);
    this.#tokens.add(token);
    const row = world.store.get('messaging', { pk: `ATTEMPT#${token}`, sk: 'ATTEMPT' }, true);
    const intent = row && this.#before.get(`INTENT#${String(row.intentId)}`);
    if (intent === undefined) {
      world.violate('illegal-post', 'posted without being armed', about);
      return;
    }
    const attempt = intent.attempt as { readonly token: string; readonly armedAt: number };
    const skew = 2 * world.profile.clockSkewMilliseconds;
    if (attempt.token !== token)
      world.violate('illegal-post', 'a newer attempt was armed before', String(intent.id));
    else if (world.now - attempt.armedAt > LONGEST_MILLISECONDS + skew)
      world.violate(
        'illegal-post',
        `posted ${Math.round(world.now - attempt.armedAt)} ms after arming`,
        String(intent.id),
      );
    if (world.now > Number(intent.deadline) + LONGEST_MILLISECONDS + skew)
      world.violate('illegal-post', 'posted after its deadline', String(intent.id));
    const scheduled = Date.parse(form.get('SendAt') ?? '') || undefined;
    const goesOutAt = scheduled ?? world.now;
    if (scheduled !== undefined && scheduled !== intent.sendAt)
      world.violate('illegal-post', 'scheduled for another time than was asked for', String(intent.id));
    const earliest = Math.max(
      Number(intent.notBefore),
      scheduled === undefined ? Number(intent.sendAt ?? 0) : 0,
    );
    if (world.now < earliest - skew - 1 || goesOutAt < Number(intent.sendAt ?? 0) - skew - 1)
      world.violate('illegal-post', 'posted before its time', String(intent.id));
    if (form.get('To') !== intent.to || (form.get('Body') ?? undefined) !== intent.body)
      world.violate('illegal-post', 'posted other content than was asked for', String(intent.id));
  }

  conclude(): void {
    judgeIntents(this.#world);
    judgeInbound(this.#world, this.events);
    judgeOptOuts(this.#world, this.events);
    judgeStories(this.#world, this.events);
  }

  #commit(event: CommittedEvent): void {
    // A restored item writes its versions anew: other events with the same ids, told apart by their times.
    const key = keyOfEvent(event.id, event.time);
    const known = this.events.get(key);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(event))
      this.#world.violate('incomplete-story', 'one event id, two contents', event.id);
    this.events.set(key, event);
  }
}

const eventsOf = (item: Item): readonly CommittedEvent[] => {
  const outbox = (item.outbox ?? []) as unknown as readonly {
    readonly kind: string;
    readonly event?: CommittedEvent;
  }[];
  return outbox.flatMap(({ event }) => event ?? []);
};
