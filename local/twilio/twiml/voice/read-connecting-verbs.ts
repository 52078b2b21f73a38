import { callEvents, type RecordingEvent } from '../../domain/voice/call.ts';
import type { XmlElement } from '../parse-xml.ts';
import { Attributes } from './attributes.ts';
import type {
  Dial,
  DialQueue,
  DialTarget,
  Enqueue,
  RecordingCallback,
  RecordVerb,
  StatusLink,
  TwimlWarning,
} from './verbs.ts';

const anyKey = '1234567890*#';
const longestCallSeconds = 14_400;

/** https://www.twilio.com/docs/voice/twiml/record */
export function readRecord(_: XmlElement, attributes: Attributes): RecordVerb {
  const method = attributes.method('method', 13610);
  const action = attributes.text('action')?.trim();
  attributes.ignore('transcribe', 'transcribeCallback', 'recordingConfigurationId');
  return {
    verb: 'Record',
    method,
    action: action ? { url: action, method } : undefined,
    timeoutMs: attributes.whole('timeout', { fallback: 5, min: 0, max: 86_400, errorCode: 13611 }) * 1000,
    maxLengthMs:
      attributes.whole('maxLength', { fallback: 3600, min: 1, max: 86_400, errorCode: 13612 }) * 1000,
    finishOnKey: readFinishKeys(attributes),
    playBeep: attributes.flag('playBeep', true, 13616),
    trim:
      attributes.choice('trim', ['trim-silence', 'do-not-trim'], { fallback: 'trim-silence' }) ===
      'trim-silence',
    callback: readRecordingCallback(attributes),
  };
}

function readFinishKeys(attributes: Attributes): string {
  const keys = attributes.text('finishOnKey');
  if (keys === undefined) return anyKey;
  if (/^[0-9*#]*$/.test(keys)) return keys;
  attributes.warn(13613, `finishOnKey="${keys}" holds something that is no key`);
  return anyKey;
}

const recordingEvents: readonly RecordingEvent[] = ['in-progress', 'completed', 'absent'];

function readRecordingCallback(attributes: Attributes): RecordingCallback | undefined {
  const link = attributes.link('recordingStatusCallback', 'recordingStatusCallbackMethod');
  const events = attributes.words('recordingStatusCallbackEvent', recordingEvents, ['completed']);
  return link && { ...link, events };
}

/** https://www.twilio.com/docs/voice/twiml/dial */
export function readDial(element: XmlElement, attributes: Attributes, warnings: TwimlWarning[]): Dial {
  attributes.ignore(
    'ringTone',
    'referUrl',
    'referMethod',
    'events',
    'recordingConfigurationId',
    'callReason',
  );
  const recording = readDialRecording(attributes);
  return {
    verb: 'Dial',
    ...readNouns(element, warnings),
    action: attributes.link('action', 'method'),
    timeoutMs: attributes.whole('timeout', { fallback: 30, min: 5, max: 600, errorCode: 13212 }) * 1000,
    timeLimitMs:
      attributes.whole('timeLimit', {
        fallback: longestCallSeconds,
        min: 1,
        max: 86_400,
        errorCode: 13216,
      }) * 1000,
    answerOnBridge: attributes.flag('answerOnBridge', false),
    hangupOnStar: attributes.flag('hangupOnStar', false, 13213),
    sequential: attributes.flag('sequential', false),
    callerId: attributes.text('callerId'),
    ...recording,
  };
}

const recordModes = [
  'do-not-record',
  'record-from-answer',
  'record-from-ringing',
  'record-from-answer-dual',
  'record-from-ringing-dual',
  'true',
  'false',
] as const;

function readDialRecording(attributes: Attributes) {
  const mode = attributes.choice('record', recordModes, { fallback: 'do-not-record', errorCode: 13217 });
  const isOff = mode === 'do-not-record' || mode === 'false';
  const trim = attributes.choice('trim', ['do-not-trim', 'trim-silence'], { fallback: 'do-not-trim' });
  return {
    record: isOff ? 'no' : mode.includes('ringing') ? 'from-ringing' : 'from-answer',
    channels: mode.endsWith('dual') ? 2 : 1,
    trim: trim === 'trim-silence',
    track: attributes.choice('recordingTrack', ['both', 'inbound', 'outbound'], { fallback: 'both' }),
    recordingCallback: readRecordingCallback(attributes),
  } as const;
}

/** Text alone is a number. */
function readNouns(element: XmlElement, warnings: TwimlWarning[]) {
  const targets: DialTarget[] = [];
  let queue: DialQueue | undefined;
  const number = element.text.trim();
  if (element.children.length === 0 && number !== '') targets.push({ noun: 'Number', address: number });
  for (const child of element.children) {
    const attributes = new Attributes(child, warnings);
    if (child.name === 'Queue') queue = readQueue(child, attributes);
    else if (isTarget(child.name)) targets.push(readTarget(child, child.name, attributes));
    else {
      attributes.warn(12200, 'it is not simulated in <Dial>');
      continue;
    }
    attributes.finish();
  }
  return { targets, queue };
}

const isTarget = (name: string): name is DialTarget['noun'] => ['Number', 'Client', 'Sip'].includes(name);

function readQueue(element: XmlElement, attributes: Attributes): DialQueue {
  return {
    noun: 'Queue',
    name: element.text.trim(),
    whisper: attributes.link('url', 'method'),
    reservationSid: attributes.text('reservationSid'),
    postWorkActivitySid: attributes.text('postWorkActivitySid'),
  };
}

function readTarget(element: XmlElement, noun: DialTarget['noun'], attributes: Attributes): DialTarget {
  const identity = element.children.find(({ name }) => name === 'Identity')?.text;
  const text = (identity ?? element.text).trim();
  attributes.ignore('byoc', 'username', 'password');
  attributes.ignore('machineDetectionTimeout', 'machineDetectionSpeechThreshold');
  attributes.ignore('machineDetectionSpeechEndThreshold', 'machineDetectionSilenceTimeout');
  const detection = attributes.text('machineDetection');
  return {
    noun,
    address: noun === 'Client' ? `client:${text}` : text.replace(/[\s()-]/g, ''),
    whisper: attributes.link('url', 'method'),
    sendDigits: attributes.text('sendDigits'),
    status: readStatusLink(attributes),
    machineDetection: detection === 'Enable' || detection === 'DetectMessageEnd' ? detection : undefined,
    amdCallback: attributes.link('amdStatusCallback', 'amdStatusCallbackMethod'),
  };
}

function readStatusLink(attributes: Attributes): StatusLink | undefined {
  const link = attributes.link('statusCallback', 'statusCallbackMethod');
  const events = attributes.words('statusCallbackEvent', callEvents, ['completed']);
  return link && { ...link, events };
}

/** https://www.twilio.com/docs/voice/twiml/enqueue */
export function readEnqueue(element: XmlElement, attributes: Attributes, warnings: TwimlWarning[]): Enqueue {
  const maxQueueSize = attributes.whole('maxQueueSize', { fallback: 0, min: 1, max: 5000, errorCode: 12200 });
  return {
    verb: 'Enqueue',
    name: element.text.trim(),
    action: attributes.link('action', 'method'),
    waitUrl: attributes.link('waitUrl', 'waitUrlMethod'),
    workflowSid: attributes.text('workflowSid'),
    maxQueueSize: maxQueueSize === 0 ? undefined : maxQueueSize,
    task: readTask(element, warnings),
  };
}

function readTask(element: XmlElement, warnings: TwimlWarning[]): Enqueue['task'] {
  const task = element.children.find(({ name }) => name === 'Task');
  if (!task) return undefined;
  const attributes = new Attributes(task, warnings);
  const priority = attributes.whole('priority', {
    fallback: 0,
    min: 0,
    max: 2_147_483_647,
    errorCode: 12200,
  });
  const timeout = attributes.whole('timeout', { fallback: 0, min: 1, max: 1_209_600, errorCode: 12200 });
  attributes.finish();
  return {
    attributes: task.text.trim() || '{}',
    priority,
    timeoutSeconds: timeout === 0 ? undefined : timeout,
  };
}
