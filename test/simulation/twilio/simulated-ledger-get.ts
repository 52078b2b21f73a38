import type { GetRequest, GetResult } from '../../../functions/shared/twilio/ledger-get.ts';
import { activeWorld } from '../world/active-world.ts';

const TRIES = 3;

/** Takes the place of the reading connections in the simulation's bundle. */
export const getWithRetries = async (request: GetRequest): Promise<GetResult> => {
  let result: GetResult = { kind: 'no-answer', reason: 'never asked' };
  for (let tries = 1; tries <= TRIES; tries += 1) {
    result = await getOnce(request);
    if (result.kind === 'answered') return result;
  }
  return result;
};

const getOnce = ({ url, timeoutMilliseconds }: GetRequest): Promise<GetResult> => {
  const world = activeWorld();
  return world.ports.call({
    name: 'GET messages',
    about: `${url.pathname.split('/').at(-1)} ${url.searchParams.get('To') ?? ''}`,
    effect: () => {
      const { result, after } = world.twilio.get(url, timeoutMilliseconds);
      return { kind: 'value', value: result, after };
    },
  });
};
