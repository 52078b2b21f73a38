import { Bench } from 'tinybench';
import twilio from 'twilio/lib/webhooks/webhooks.js';
import { nodeCrypto } from '../../functions/shared/runtime/webhooks/node-crypto.ts';
import { signedStringCandidates } from '../../functions/shared/twilio/signed-string.ts';
import { reportResult } from '../fresh-process.ts';
import { AUTH_TOKEN, messageParameters, ORIGIN, sign, WEBHOOK_URL } from '../webhooks.ts';

/** The verdict on a forged request whose parameters are parsed: one live token, an origin without a port. */
const parameters = messageParameters(1);
const fields = new Map(Object.entries(parameters).map(([name, value]) => [name, [value]]));
const signature = sign(parameters, 'the-token-of-somebody-else');
const target = WEBHOOK_URL.slice(ORIGIN.length);

const oursIsSigned = () =>
  nodeCrypto.isSigned({
    candidates: signedStringCandidates({ origin: ORIGIN, target, fields }),
    tokens: [AUTH_TOKEN],
    signature,
  });
const twilioIsSigned = () => twilio.validateRequest(AUTH_TOKEN, signature, WEBHOOK_URL, parameters);
if (oursIsSigned() || twilioIsSigned()) throw new Error('the forgery passed');

const bench = new Bench({ time: 500, warmupTime: 200 });
bench.add('baseline', () => void twilioIsSigned()).add('ours', () => void oursIsSigned());
await bench.run();
const microseconds = (name: string) => {
  const result = bench.getTask(name)?.result;
  if (result === undefined || !('latency' in result)) throw new Error(`${name} did not finish`);
  return result.latency.p50 * 1000;
};
reportResult({ baseline: microseconds('baseline'), ours: microseconds('ours') });
