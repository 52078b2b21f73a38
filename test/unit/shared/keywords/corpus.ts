import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KEYWORD_RULES } from '../../../../functions/shared/keywords/keyword-rules.ts';
import { readKeyword } from '../../../../functions/shared/keywords/read-keyword.ts';

export interface LabelledText {
  readonly label: 'stop' | 'review' | 'other';
  readonly text: string;
  /** By the text's own hash, so that no hand chooses; rules are written against `train` alone. */
  readonly split: 'train' | 'held-out';
}

const FILE = fileURLToPath(new URL('../../../corpus/revocations.tsv', import.meta.url));

export const readCorpus = (): readonly LabelledText[] =>
  readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [label = '', raw = ''] = line.split('\t');
      if (label !== 'stop' && label !== 'review' && label !== 'other') throw new Error(`no label: ${line}`);
      const isHeldOut = (createHash('sha256').update(raw).digest()[0] ?? 0) % 2 === 1;
      return { label, text: raw.replaceAll('\\n', '\n'), split: isHeldOut ? 'held-out' : 'train' };
    });

export type Judgement = 'stop' | 'suspected' | 'none';

export const judge = (body: string): Judgement => {
  const kind = readKeyword({ body }, KEYWORD_RULES)?.kind;
  if (kind === 'stop' || kind === 'revocation') return 'stop';
  return kind === 'suspected' ? 'suspected' : 'none';
};

export interface Figures {
  readonly texts: number;
  /** Of what is taken as a STOP, the share that is one. */
  readonly precision: number;
  /** Of all STOPs, the share that is taken as one. */
  readonly recall: number;
  /** Of all STOPs, the share that is at least held for review. */
  readonly caught: number;
  /** Of the texts that a person should look at, the share that is held or taken as a STOP. */
  readonly reviewed: number;
  /** Of ordinary texts, the share that holds something. */
  readonly falseAlarms: number;
}

export function figuresOf(corpus: readonly LabelledText[]): Figures {
  const judged = corpus.map(({ label, text }) => ({ label, verdict: judge(text) }));
  const share = (of: typeof judged, holds: (one: (typeof judged)[number]) => boolean): number =>
    of.length === 0 ? 1 : of.filter(holds).length / of.length;
  const labelled = (label: LabelledText['label']) => judged.filter((one) => one.label === label);
  return {
    texts: judged.length,
    precision: share(
      judged.filter(({ verdict }) => verdict === 'stop'),
      ({ label }) => label === 'stop',
    ),
    recall: share(labelled('stop'), ({ verdict }) => verdict === 'stop'),
    caught: share(labelled('stop'), ({ verdict }) => verdict !== 'none'),
    reviewed: share(labelled('review'), ({ verdict }) => verdict !== 'none'),
    falseAlarms: share(labelled('other'), ({ verdict }) => verdict !== 'none'),
  };
}
