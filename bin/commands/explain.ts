import colors from 'picocolors';
import type { MessageDecision } from '../../functions/shared/contract/api/messages.ts';
import { createApplicationClient } from './application-client.ts';

export interface ExplainOptions {
  readonly class: string;
  readonly channel: string;
  readonly sendAt?: string;
  readonly timeZone?: string;
  readonly postcode?: string;
  readonly use?: string;
  readonly campaign?: string;
  readonly json?: boolean;
}

/** Shows what would become of a text: every rule, what it looked at, its verdict. Sends nothing. */
export async function explain(
  to: string,
  text: string,
  { class: trafficClass, json = false, ...options }: ExplainOptions,
): Promise<void> {
  const decision = await createApplicationClient().explain({ to, body: text, trafficClass, ...options });
  console.log(json ? JSON.stringify(decision, undefined, 2) : renderDecision(decision));
}

const COLORS = {
  send: colors.green,
  pass: colors.green,
  hold: colors.yellow,
  expire: colors.red,
  refuse: colors.red,
} as const;

export function renderDecision({
  decision,
  reason,
  until,
  at,
  pool,
  deadline,
  rules,
}: MessageDecision): string {
  const end = until === undefined ? '' : decision === 'send' ? ` (legal until ${until})` : ` until ${until}`;
  const width = Math.max(...rules.map(({ rule }) => rule.length));
  return [
    `${COLORS[decision](decision)}${end}${reason === undefined ? '' : `: ${reason}`}`,
    colors.dim(`pool ${pool}, as of ${at}, deadline ${deadline}`),
    ...rules.flatMap(({ rule, verdict, explanation, input }) => [
      `  ${COLORS[verdict](verdict.padEnd(6))}  ${rule.padEnd(width)}  ${explanation}`,
      ...Object.entries(input).map(([name, value]) =>
        colors.dim(`${' '.repeat(width + 12)}${name} ${String(value) === '' ? '-' : value}`),
      ),
    ]),
  ].join('\n');
}
