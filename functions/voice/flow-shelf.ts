import type { Flow, FlowPackage } from '../shared/contract/flows/flow.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Item, Put, TableClient } from '../shared/ports/table-client.ts';
import type { WebhookCrypto } from '../shared/ports/webhook-crypto.ts';
import { FlowError } from './domain/call-state.ts';
import { canonicalJson, packageOf } from './domain/flow-package.ts';
import type { FlowShelf, PinnedFlow } from './ports.ts';

export const flowKey = (hash: string): string => `FLOW#${hash}`;

/** A call lasts 24 h at most, and the row is written again while new calls begin in it. */
const FLOW_SECONDS = 3 * 86_400;
const KEEP_AGAIN_MILLISECONDS = 3_600_000;

/** The row of a flow: unconditional, since one hash has one content, and a later write only makes it live longer. */
export const keepFlow = ({ hash, content }: PinnedFlow, now: number): Put => ({
  kind: 'put',
  table: 'voice',
  item: {
    pk: flowKey(hash),
    kind: 'flow',
    version: 1,
    content,
    expiresAt: Math.floor(now / 1000) + FLOW_SECONDS,
  },
});

interface ShelfPorts {
  readonly tables: Pick<TableClient, 'get'>;
  readonly crypto: Pick<WebhookCrypto, 'sha256'>;
  readonly clock: Clock;
}

/** The flows of the deployment and those read from the table, in the sandbox's memory: a hash never changes its content. */
export const createFlowShelf = (
  flows: Readonly<Record<string, Flow>>,
  { tables, crypto, clock }: ShelfPorts,
): FlowShelf => {
  const all = new Map(Object.entries(flows));
  const pinned = new Map<string, PinnedFlow>();
  const older = new Map<string, FlowPackage>();
  const keptAt = new Map<string, number>();
  const pin = (name: string): PinnedFlow => {
    const content = canonicalJson(packageOf(name, all));
    const entry = { hash: crypto.sha256(content), content, flows: JSON.parse(content) };
    older.set(entry.hash, entry.flows);
    pinned.set(name, entry);
    return entry;
  };
  return {
    current: (name) => (all.has(name) ? (pinned.get(name) ?? pin(name)) : undefined),
    byHash: async (hash) => {
      const known =
        older.get(hash) ??
        [...all.keys()].map((name) => pinned.get(name) ?? pin(name)).find((one) => one.hash === hash)?.flows;
      if (known !== undefined) return known;
      const item = await tables.get('voice', { pk: flowKey(hash) }, { consistent: true });
      if (item === undefined) return undefined;
      const read = readFlow(item, hash, crypto);
      older.set(hash, read);
      return read;
    },
    isKept: (hash) => clock() - (keptAt.get(hash) ?? Number.NEGATIVE_INFINITY) < KEEP_AGAIN_MILLISECONDS,
    markKept: (hash) => void keptAt.set(hash, clock()),
  };
};

/** @throws FlowError for content that is not what its hash says */
const readFlow = ({ content }: Item, hash: string, crypto: Pick<WebhookCrypto, 'sha256'>): FlowPackage => {
  if (typeof content !== 'string' || crypto.sha256(content) !== hash)
    throw new FlowError('a kept flow is not what its hash says');
  return JSON.parse(content);
};
