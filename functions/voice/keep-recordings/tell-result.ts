import type { EventOf } from '../../shared/contract/events.ts';
import type { OutboxEntry } from '../../shared/contract/outbox.ts';
import type { RecordingPolicy } from '../../shared/contract/recording-policy.ts';
import { changeEvent } from '../change-event.ts';
import { STUCK_AFTER } from '../domain/recordings/apply-result.ts';
import { type Recording, statusOf } from '../domain/recordings/recording.ts';
import { RECORDINGS } from '../recording-item.ts';
import type { Taken } from './take-step.ts';

/** The event of a step, where the story has to know of it; `after` is the recording as it stands then. */
export function tellResult(after: Recording, taken: Taken, policy: RecordingPolicy): readonly OutboxEntry[] {
  const about = {
    recordingSid: after.recordingSid,
    ...(after.callSid === undefined ? {} : { callSid: after.callSid }),
    version: after.version,
  };
  switch (taken.kind) {
    case 'judged':
      return [judged(after, about, policy)];
    case 'copied': {
      const { bytes, sha256, quarantined } = taken.copy;
      const explanation = `${quarantined ? 'quarantined' : 'copied'}, encrypted, ${bytes} bytes, read back and compared`;
      return [
        changeEvent('recording.copied.v1', written(after), {
          ...about,
          bytes,
          sha256,
          quarantined,
          explanation,
        }),
      ];
    }
    case 'deleted-at-twilio': {
      const explanation = 'deleted at Twilio, verified';
      return [
        changeEvent('recording.deleted.v1', written(after), { ...about, where: 'twilio', explanation }),
      ];
    }
    case 'erased': {
      const explanation = 'our copy deleted, verified: nothing is left of it';
      return [
        changeEvent('recording.deleted.v1', written(after), { ...about, where: 'trunkline', explanation }),
      ];
    }
    case 'absent':
      return [absent(after, about)];
    case 'failed':
      return after.failures === STUCK_AFTER ? [stuck(after, about, taken)] : [];
    case 'looked':
    case 'waits':
    case 'ended':
      return [];
    default:
      return taken satisfies never;
  }
}

type About = Pick<EventOf<'recording.absent.v1'>['data'], 'recordingSid' | 'callSid' | 'version'>;

function judged(after: Recording, about: About, { withoutProof }: RecordingPolicy): OutboxEntry {
  const { verdict, startedAt } = after;
  const required = verdict?.required ?? 'nothing';
  const policyVersion = verdict?.policyVersion ?? 'unknown';
  if (verdict?.kind === 'unproved') {
    const what = withoutProof.action === 'delete' ? 'it is deleted' : 'it is withheld from everybody';
    const explanation = `the law wants a ${required} before the recording, and nothing proves it: ${what}`;
    const { action } = withoutProof;
    return changeEvent('recording.quarantined.v1', written(after), {
      ...about,
      required,
      policyVersion,
      action,
      explanation,
    });
  }
  const givenAt = verdict?.noticeGivenAt;
  return changeEvent('recording.permitted.v1', written(after), {
    ...about,
    required,
    policyVersion,
    ...(verdict?.noticeId === undefined ? {} : { noticeId: verdict.noticeId }),
    ...(givenAt === undefined ? {} : { noticeGivenAt: new Date(givenAt).toISOString() }),
    ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt).toISOString() }),
    explanation: whyPermitted(after),
  });
}

function whyPermitted({ verdict, startedAt, source }: Recording): string {
  if (verdict?.noticeId === undefined || verdict.noticeGivenAt === undefined)
    return `may be kept: nothing has to be proved${source === undefined ? '' : ` (${source})`}`;
  const given = new Date(verdict.noticeGivenAt).toISOString();
  const began = startedAt === undefined ? '' : `, the recording began ${new Date(startedAt).toISOString()}`;
  return `may be kept: notice ${verdict.noticeId} of policy ${verdict.policyVersion} was given ${given}${began}`;
}

const absent = (after: Recording, about: About): OutboxEntry =>
  changeEvent('recording.absent.v1', written(after), {
    ...about,
    status: statusOf(after),
    ...(after.errorCode === undefined ? {} : { errorCode: after.errorCode }),
    explanation:
      statusOf(after) === 'completed'
        ? 'Twilio has no media any more: it was deleted there before it was copied'
        : 'nothing was recorded, or nothing is left of it',
  });

const stuck = (after: Recording, about: About, taken: Taken & { readonly kind: 'failed' }): OutboxEntry =>
  changeEvent('recording.stuck.v1', written(after), {
    ...about,
    step: taken.step,
    tries: after.failures,
    explanation: `${taken.step} failed ${after.failures} times: ${taken.reason ?? 'no reason known'}`,
  });

const written = ({ recordingSid, version, accountSid, callSid, updatedAt }: Recording) => ({
  key: RECORDINGS.keyOf(recordingSid),
  version,
  accountSid,
  correlationId: callSid ?? recordingSid,
  now: updatedAt,
});
