import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { HookRoute } from '../../../functions/shared/contract/routes.ts';
import { readInboundMessage } from '../../../functions/shared/twilio/inbound-payload.ts';
import { ACCOUNT, HooksHarness } from '../../fakes/ingress/hooks-harness.ts';
import { encodeForm, type Parameter } from '../../fakes/ingress/twilio-signer.ts';

interface Recording {
  readonly id: string;
  readonly kind: string;
  readonly form?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly note?: string;
}

const recordings: readonly Recording[] = JSON.parse(
  readFileSync(new URL('../../recordings/twilio-webhooks.json', import.meta.url), 'utf8'),
);

/** What is no webhook of Twilio's as it is sent today, and why; everything else has to pass. */
const NOT_TWILIO: Readonly<Record<string, string>> = {
  'cap-010': 'placeholders instead of SIDs',
  'cap-012': 'API of 2011: no MessageSid',
  'cap-013': 'API of 2011: no MessageSid',
  'cap-015': 'invented SID',
  'cap-016': 'invented SID',
  'cap-017': 'no To',
  'cap-018': 'no From and no To',
  'cap-022': 'no SID',
  'cap-023': 'invented SID',
  'cap-024': 'invented SID',
  'cap-029': 'invented SID',
  'cap-030': 'invented SID',
  'cap-031': 'invented SID',
  'cap-032': 'invented SID',
  'cap-033': 'invented SID',
  'cap-038': 'no SID',
  'cap-039': 'no SID',
  'cap-040': 'no SID',
  'cap-042': 'invented SID',
  'cap-043': 'invented SID',
  'cap-045': 'invented SID',
  'cap-047': 'invented SID',
  'cap-048': 'invented SID',
  'cap-049': 'invented SID',
  'cap-050': 'invented SID',
  'cap-051': 'invented SID',
  'cap-060': 'invented SID',
  'cap-066': 'invented SID',
  'cap-067': 'invented SID',
  'cap-068': 'invented SID',
  'cap-069': 'invented SID',
  'cap-070': 'invented SID',
  'cap-141': 'invented SID',
  'cap-142': 'invented SID',
  'cap-143': 'no SID',
  'cap-144': 'no SID',
  'cap-145': 'no SID',
  'cap-146': 'malformed on purpose',
};

const routeOf = (kind: string): HookRoute => {
  if (kind.endsWith('-status')) return 'messageStatus';
  return kind === 'debugger' ? 'debugger' : 'inboundMessage';
};

/** As found, but for the account: collectors cut it out or replaced it. */
const parametersOf = ({ form, params = {} }: Recording): Parameter[] => {
  const pairs = form === undefined ? Object.entries(params) : [...new URLSearchParams(form)];
  return [...pairs.filter(([name]) => name !== 'AccountSid'), ['AccountSid', ACCOUNT]];
};

const forms = recordings.filter(({ kind }) => kind !== 'event-streams-json');
const genuine = forms.filter(({ id }) => !(id in NOT_TWILIO));

describe('recorded webhooks', () => {
  test.each(genuine.map((recording) => [recording.id, recording.note ?? '', recording] as const))(
    '%s is accepted (%s)',
    async (_id, _note, recording) => {
      const hooks = new HooksHarness();
      const answer = await hooks.postForm(parametersOf(recording), { route: routeOf(recording.kind) });
      expect([answer.statusCode, hooks.outcomes()]).toEqual([200, ['accepted']]);
    },
  );

  test.each(
    forms
      .filter(({ id }) => id in NOT_TWILIO)
      .map((recording) => [recording.id, NOT_TWILIO[recording.id], recording] as const),
  )('%s is refused although signed: %s', async (_id, _reason, recording) => {
    const hooks = new HooksHarness();
    const answer = await hooks.postForm(parametersOf(recording), { route: routeOf(recording.kind) });
    expect([answer.statusCode, hooks.outcomes()]).toEqual([403, ['reshaped']]);
  });

  test('most are genuine, real traffic of today without exception', () => {
    const captured = forms.filter(({ note, kind }) => note?.startsWith('captured') && kind !== 'debugger');
    const refused = captured.filter(({ id }) => id in NOT_TWILIO);
    expect(refused.map(({ note }) => note)).toEqual([
      'captured 2011: no MessageSid, no NumMedia',
      'captured 2011: accents, no SmsSid',
    ]);
    expect(captured.length).toBeGreaterThan(12);
  });

  test.each(
    genuine
      .filter(({ kind }) => routeOf(kind) === 'inboundMessage')
      .map((recording) => [recording.id, recording] as const),
  )('%s can be read back from the inbox', async (_id, recording) => {
    const hooks = new HooksHarness();
    const parameters = parametersOf(recording);
    await hooks.postForm(parameters, { body: encodeForm(parameters) });
    const message = readInboundMessage(String(hooks.onlyItem.payload));
    const given = new Map(parameters);
    expect(message).toMatchObject({
      messageSid: given.get('MessageSid'),
      from: given.get('From'),
      to: given.get('To'),
      body: given.get('Body') ?? '',
    });
    expect(message.media.map(({ url }) => url)).toEqual(
      ['MediaUrl0', 'MediaUrl1'].flatMap((name) => given.get(name) ?? []),
    );
  });

  const streams = recordings.filter(({ kind }) => kind === 'event-streams-json');
  test.each(streams.map((recording) => [recording.id, recording.note ?? '', recording] as const))(
    '%s of Event Streams is accepted (%s)',
    async (_id, _note, { json }) => {
      const hooks = new HooksHarness();
      const answer = await hooks.postJson(JSON.stringify(json));
      expect([answer.statusCode, hooks.outcomes()]).toEqual([200, ['accepted']]);
    },
  );
});
