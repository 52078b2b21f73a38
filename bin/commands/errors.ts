import colors from 'picocolors';
import { errorPolicyOf, knownErrorCodes } from '../../functions/shared/contract/error-policy.ts';

/** Shows what the error policy says of one code, or lists all of them. */
export function errors(code: number | undefined): void {
  console.log(code === undefined ? knownErrorCodes().map(shortLine).join('\n') : describe(code).join('\n'));
}

function shortLine(code: number): string {
  const { class: name, meaning } = errorPolicyOf(code);
  return `${colors.bold(String(code))}  ${colors.cyan(name.padEnd(16))}  ${meaning}`;
}

function describe(code: number): readonly string[] {
  const policy = errorPolicyOf(code);
  const { tries, afterSeconds } = policy.retryRule;
  const lines = {
    meaning: policy.meaning,
    'next action': policy.nextAction,
    class: `${policy.class}: ${policy.says}`,
    'sent again':
      tries === 0 ? 'never' : `up to ${tries} times, first after ${afterSeconds} s, never past the deadline`,
    consent: policy.consent === 'none' ? 'unchanged' : 'ends',
    contact: policy.contact === 'none' ? 'unchanged' : policy.contact,
    pool: policy.pool === 'none' ? 'unchanged' : `counts towards trouble (${policy.pool}), which pauses it`,
    runbook: `docs/runbooks/${policy.runbook}.md`,
    source: policy.source,
  };
  return [
    colors.bold(String(code)) + (policy.isKnown ? '' : colors.yellow('  not in the error policy')),
    ...Object.entries(lines).map(([name, text]) => `  ${colors.dim(name.padEnd(12))} ${text}`),
  ];
}
