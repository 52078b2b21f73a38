import type { CreateCallRequest, TwilioCalls } from '../ports/twilio-calls.ts';
import { createResource, type TwilioCreateOptions } from './create-resource.ts';

/** TwilioCalls over Twilio's REST API, one fresh connection per call. */
export const createTwilioCalls = (options: TwilioCreateOptions): TwilioCalls => ({
  create: (request) =>
    createResource('call', { accountSid: request.accountSid, form: formOf(request) }, options),
});

/** All of them: busy, no answer and failure come as `completed`, with the ending as CallStatus (Calls resource). */
const EVENTS = ['initiated', 'ringing', 'answered', 'completed'];

const formOf = (request: CreateCallRequest): URLSearchParams => {
  const form = new URLSearchParams({ To: request.to, From: request.from, Url: request.url });
  form.append('StatusCallback', request.statusCallback);
  for (const event of EVENTS) form.append('StatusCallbackEvent', event);
  if (request.fallbackUrl !== undefined) {
    form.append('FallbackUrl', request.fallbackUrl);
    form.append('FallbackMethod', 'GET');
  }
  form.append('Timeout', String(request.timeoutSeconds));
  if (request.machineDetection !== undefined) {
    form.append('MachineDetection', request.machineDetection.mode);
    const { callback } = request.machineDetection;
    if (callback !== undefined) {
      form.append('AsyncAmd', 'true');
      form.append('AsyncAmdStatusCallback', callback);
    }
  }
  return form;
};
