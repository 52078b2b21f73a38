import { Graph, layout } from '@dagrejs/dagre';
import type { Flow, State } from '../../functions/shared/contract/flows/flow.ts';
import { waysOf } from '../../functions/voice/domain/check/ways.ts';

const WIDTH = 210;
const LINE = 15;
const TEXT_WIDTH = 34;

/** Background and border by what a state does: asks, speaks, hands on, decides, ends. */
const COLOURS: Readonly<Record<State['kind'], readonly [string, string]>> = {
  menu: ['#e3f0ff', '#2563a8'],
  gather: ['#e3f0ff', '#2563a8'],
  'recording-notice': ['#e3f0ff', '#2563a8'],
  say: ['#f6f6f6', '#666666'],
  report: ['#f6f6f6', '#666666'],
  record: ['#fff3dc', '#a86a10'],
  voicemail: ['#fff3dc', '#a86a10'],
  dial: ['#e4f6e6', '#2d7d3a'],
  enqueue: ['#e4f6e6', '#2d7d3a'],
  'sub-flow': ['#efe6fb', '#6b3fa0'],
  redirect: ['#efe6fb', '#6b3fa0'],
  hours: ['#ffffff', '#444444'],
  choose: ['#ffffff', '#444444'],
  limit: ['#ffffff', '#444444'],
  return: ['#eeeeee', '#222222'],
  'hang-up': ['#fde7e7', '#a32525'],
};

/** A flow as SVG: states as boxes in the order of a call, ways as arrows that say what takes them. */
export const flowPicture = (flow: Flow): string => {
  const graph = laidOut(flow);
  const { width = 0, height = 0 } = graph.graph();
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height + 40)}" font-family="Helvetica, Arial, sans-serif">`,
    `<title>${escapeXml(flow.name)}</title>`,
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#555555"/></marker></defs>',
    `<rect width="${round(width)}" height="${round(height + 40)}" fill="white"/>`,
    `<text x="20" y="26" font-size="18" font-weight="bold">${escapeXml(flow.name)}</text>`,
    '<g transform="translate(0 40)">',
    ...graph.edges().map((edge: Parameters<typeof graph.edge>[0]) => arrow(graph.edge(edge))),
    ...Object.entries(flow.states).map(([name, state]) =>
      box(name, state, graph.node(name), name === flow.start),
    ),
    '</g>',
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
};

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Arrow {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly x: number;
  readonly y: number;
  readonly label: readonly string[];
}

const laidOut = (flow: Flow) => {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 56, edgesep: 18, marginx: 20, marginy: 20 });
  for (const [name, state] of Object.entries(flow.states))
    graph.setNode(name, { width: WIDTH, height: 30 + LINE * linesOf(state).length });
  for (const [name, state] of Object.entries(flow.states))
    for (const [to, label] of joined(state))
      graph.setEdge(name, to, {
        label,
        width: Math.max(0, ...label.map((line) => line.length)) * 6,
        height: label.length * 12,
        labelpos: 'c',
      });
  layout(graph);
  return graph;
};

/** Ways between the same two states are one arrow with several reasons. */
const joined = (state: State): ReadonlyMap<string, readonly string[]> => {
  const ways = new Map<string, readonly string[]>();
  for (const { to, on } of waysOf(state)) ways.set(to, [...(ways.get(to) ?? []), ...(on === '' ? [] : [on])]);
  return ways;
};

const linesOf = (state: State): readonly string[] => {
  const said =
    'prompt' in state ? state.prompt.flatMap((part) => ('say' in part ? [part.say] : [part.play])) : [];
  return wrap([detailOf(state), ...said].filter((text) => text !== '').join(' · '));
};

const detailOf = (state: State): string => {
  switch (state.kind) {
    case 'dial':
      return `rings ${state.destinations.join(', then ')}, ${state.ringSeconds} s each`;
    case 'enqueue':
      return `${'queue' in state.to ? `queue ${state.to.queue}` : `workflow ${state.to.workflow}`}, at most ${state.maximumWaitSeconds} s`;
    case 'hours':
      return `calendar ${state.calendar}`;
    case 'choose':
      return `by ${state.value}`;
    case 'sub-flow':
    case 'redirect':
      return state.flow;
    case 'return':
    case 'hang-up':
      return `→ ${state.outcome}`;
    case 'report':
      return state.word;
    case 'gather':
      return `into ${state.slot}${state.secret === true ? ' (secret)' : ''}`;
    default:
      return '';
  }
};

/** At most four lines; what is longer ends in an ellipsis. */
const wrap = (text: string): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= TEXT_WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== '') lines.push(word);
  }
  return lines.length <= 4 ? lines : [...lines.slice(0, 3), `${lines[3]?.slice(0, TEXT_WIDTH - 1)}…`];
};

const box = (name: string, state: State, { x, y, width, height }: Box, isStart: boolean): string => {
  const [fill, stroke] = COLOURS[state.kind];
  const left = x - width / 2;
  const top = y - height / 2;
  const lines = linesOf(state).map(
    (line, at) =>
      `<text x="${round(left + 10)}" y="${round(top + 36 + at * LINE)}" font-size="11" fill="#333333">${escapeXml(line)}</text>`,
  );
  return [
    `<rect x="${round(left)}" y="${round(top)}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="${stroke}" stroke-width="${isStart ? 3 : 1.2}"/>`,
    `<text x="${round(left + 10)}" y="${round(top + 19)}" font-size="13" font-weight="bold" fill="${stroke}">${escapeXml(name)}<tspan dx="6" font-weight="normal" font-size="11">${state.kind}</tspan></text>`,
    ...lines,
  ].join('\n');
};

const arrow = ({ points, x, y, label }: Arrow): string => {
  const [first, ...others] = points;
  if (first === undefined) return '';
  const path = `M${round(first.x)} ${round(first.y)}${others.map((point) => `L${round(point.x)} ${round(point.y)}`).join('')}`;
  const words = label.map(
    (line, at) =>
      `<text x="${round(x)}" y="${round(y + 4 + (at - (label.length - 1) / 2) * 12)}" font-size="10.5" text-anchor="middle" fill="#222222" stroke="white" stroke-width="3" paint-order="stroke">${escapeXml(line)}</text>`,
  );
  return [
    `<path d="${path}" fill="none" stroke="#777777" stroke-width="1.2" marker-end="url(#tip)"/>`,
    ...words,
  ].join('\n');
};

const round = (value: number): number => Math.round(value * 10) / 10;

const escapeXml = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? '',
  );
