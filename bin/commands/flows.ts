import { writeFileSync } from 'node:fs';
import { FLOWS } from '../../config/flows/index.ts';
import type { Flow } from '../../functions/shared/contract/flows/flow.ts';
import { callableFlows, checkFlows } from '../../functions/voice/domain/check/check-flows.ts';
import { explore } from '../../functions/voice/domain/check/explore.ts';
import { showFinding } from '../../functions/voice/domain/check/finding.ts';
import { packageOf } from '../../functions/voice/domain/flow-package.ts';
import { flowPicture } from '../drawing/flow-picture.ts';
import { CommandError } from './command-error.ts';

const ALL: ReadonlyMap<string, Flow> = new Map(Object.entries(FLOWS));

/** Judges every flow as synth does, and says how far the walk went. */
export function checkAllFlows(): void {
  const findings = checkFlows(FLOWS).map(showFinding);
  if (findings.length > 0) throw new CommandError(['the flows are refused:', ...findings].join('\n  '));
  for (const name of callableFlows(ALL)) {
    const { callStates, transitions, longestSteps, longestDocumentBytes, outcomes } = explore(
      packageOf(name, ALL),
    );
    console.log(
      `${name}: ${transitions} steps between ${callStates} states of a call, at most ${longestSteps} steps a call, ` +
        `documents up to ${longestDocumentBytes} bytes\n  ends: ${[...outcomes].sort().join(', ')}`,
    );
  }
}

export function drawFlow(name: string, { output }: { readonly output: string }): void {
  const flow = ALL.get(name);
  if (flow === undefined)
    throw new CommandError(`there is no flow ${name}; there are: ${[...ALL.keys()].join(', ')}`);
  const file = output === '' ? `${name}.svg` : output;
  writeFileSync(file, flowPicture(flow));
  console.log(file);
}
