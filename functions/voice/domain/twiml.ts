import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import type { Dial, Enqueue, Gather, RecordVerb, Speech, Verb } from './verbs.ts';

/** 64 kB: a longer document is error 11750 and ends the call. */
export const MAXIMUM_TWIML_BYTES = 64_000;

/** Renders through Twilio's own builder, which escapes; what XML cannot hold even escaped is taken out before. */
export const renderTwiml = (verbs: readonly Verb[]): string => {
  const response = new VoiceResponse();
  for (const verb of sayable(verbs)) append(response, verb);
  return response.toString();
};

const append = (response: VoiceResponse, verb: Verb): void => {
  switch (verb.verb) {
    case 'say':
    case 'play':
    case 'pause':
      speak(response, verb);
      return;
    case 'gather':
      gather(response, verb);
      return;
    case 'dial':
      dial(response, verb);
      return;
    case 'enqueue':
      enqueue(response, verb);
      return;
    case 'record':
      record(response, verb);
      return;
    case 'redirect':
      response.redirect({ method: 'POST' }, verb.url);
      return;
    case 'leave':
      response.leave();
      return;
    case 'hangup':
      response.hangup();
      return;
    default:
      verb satisfies never;
  }
};

type Speaker = Pick<VoiceResponse, 'say' | 'play' | 'pause'>;

const speak = (speaker: Speaker, verb: Speech): void => {
  switch (verb.verb) {
    case 'say':
      // The library's list of languages and voices is closed; Twilio's grows between its releases.
      speaker.say(
        { language: verb.language, ...(verb.voice !== undefined && { voice: verb.voice }) } as SayAttributes,
        verb.text,
      );
      return;
    case 'play':
      speaker.play(verb.url);
      return;
    case 'pause':
      speaker.pause({ length: verb.length });
      return;
    default:
      verb satisfies never;
  }
};

type SayAttributes = NonNullable<Exclude<Parameters<VoiceResponse['say']>[0], string>>;
type GatherAttributes = NonNullable<Parameters<VoiceResponse['gather']>[0]>;

const gather = (response: VoiceResponse, verb: Gather): void => {
  const { action, input, timeout, numDigits, finishOnKey, language, hints } = verb;
  const isListening = input !== 'dtmf';
  const element = response.gather({
    input,
    action,
    method: 'POST',
    timeout,
    ...(numDigits !== undefined && { numDigits }),
    ...(input !== 'speech' && { finishOnKey }),
    ...(isListening && { language, speechTimeout: 'auto' }),
    ...(hints !== undefined && { hints }),
  } as unknown as GatherAttributes);
  for (const part of verb.speech) speak(element, part);
};

const dial = (response: VoiceResponse, verb: Dial): void => {
  const { action, timeout, timeLimit, record: recording, recordingStatusCallback, whisperUrl, number } = verb;
  const element = response.dial({
    timeout,
    timeLimit,
    ...(action !== undefined && { action, method: 'POST' }),
    ...(recording !== undefined && { record: recording }),
    ...(recordingStatusCallback !== undefined && {
      recordingStatusCallback,
      recordingStatusCallbackMethod: 'POST',
    }),
  });
  element.number(whisperUrl === undefined ? {} : { url: whisperUrl, method: 'POST' }, number);
};

const enqueue = (response: VoiceResponse, { action, waitUrl, queue }: Enqueue): void => {
  const attributes = { action, method: 'POST', waitUrl, waitUrlMethod: 'POST' };
  if ('workflowSid' in queue) {
    response.enqueue({ ...attributes, workflowSid: queue.workflowSid }).task(queue.attributes);
    return;
  }
  response.enqueue({ ...attributes, maxQueueSize: queue.maxQueueSize }, queue.name);
};

const record = (response: VoiceResponse, verb: RecordVerb): void => {
  const { action, method, maxLength, timeout, recordingStatusCallback } = verb;
  response.record({
    action,
    method,
    maxLength,
    timeout,
    playBeep: true,
    ...(recordingStatusCallback !== undefined && {
      recordingStatusCallback,
      recordingStatusCallbackMethod: 'POST',
    }),
  });
};

/** What XML 1.0 has no way to write, escaped or not: control characters, lone surrogates, two non-characters. */
const NOT_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export const xmlText = (text: string): string => text.replace(NOT_XML, '');

/** The builder throws for a character that XML has no way to write, and a caller would hear nothing at all. */
const sayable = (verbs: readonly Verb[]): readonly Verb[] =>
  JSON.parse(JSON.stringify(verbs), (_, value: unknown) =>
    typeof value === 'string' ? xmlText(value) : value,
  );
