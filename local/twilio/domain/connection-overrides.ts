/** What makes Twilio try a webhook again. */
export type RetryCause = '4xx' | '5xx' | 'ct' | 'rt';

/** https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides */
export interface ConnectionOverrides {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly retryCount: number;
  readonly retryOn: readonly RetryCause[];
}

export type ConnectionOverridesResult =
  | { readonly kind: 'valid'; readonly overrides: ConnectionOverrides }
  | { readonly kind: 'invalid'; readonly errorCode: 11240 | 11243; readonly detail: string };

/** By default only a connection that cannot be made is tried again, once, within 15 s in all. */
const defaultOverrides: ConnectionOverrides = {
  connectTimeoutMs: 5000,
  readTimeoutMs: 15000,
  totalTimeoutMs: 15000,
  retryCount: 1,
  retryOn: ['ct'],
};

const edges = [
  ...['ashburn', 'dublin', 'frankfurt', 'sao-paulo', 'singapore', 'sydney', 'tokyo', 'umatilla'],
  ...['ashburn-ix', 'frankfurt-ix', 'london-ix', 'san-jose-ix', 'singapore-ix'],
];

/** Reads `#rc=3&rp=5xx,ct,rt&rt=5000`; an unknown key or a figure out of its range leaves the default. */
export function parseConnectionOverrides(url: string): ConnectionOverridesResult {
  const fragment = new URLSearchParams(url.split('#')[1] ?? '');
  const wrongEdge = list(fragment.get('e')).find((edge) => !edges.includes(edge));
  if (wrongEdge !== undefined) return { kind: 'invalid', errorCode: 11240, detail: `e=${wrongEdge}` };
  const retryOn = parseRetryPolicy(fragment.get('rp'));
  if (retryOn === undefined) {
    return { kind: 'invalid', errorCode: 11243, detail: `rp=${fragment.get('rp')}` };
  }
  const figure = (key: string, min: number, max: number, fallback: number) => {
    const value = Number(fragment.get(key) ?? Number.NaN);
    return Number.isInteger(value) && value >= min && value <= max ? value : fallback;
  };
  return {
    kind: 'valid',
    overrides: {
      connectTimeoutMs: figure('ct', 100, 10000, defaultOverrides.connectTimeoutMs),
      readTimeoutMs: figure('rt', 100, 15000, defaultOverrides.readTimeoutMs),
      totalTimeoutMs: figure('tt', 100, 15000, defaultOverrides.totalTimeoutMs),
      retryCount: figure('rc', 0, 5, defaultOverrides.retryCount),
      retryOn,
    },
  };
}

function parseRetryPolicy(text: string | null): readonly RetryCause[] | undefined {
  if (text === null) return defaultOverrides.retryOn;
  const causes: RetryCause[] = [];
  for (const word of list(text)) {
    if (word === 'all') causes.push('4xx', '5xx', 'ct', 'rt');
    else if (word === '4xx' || word === '5xx' || word === 'ct' || word === 'rt') causes.push(word);
    else return undefined;
  }
  return causes.length > 0 ? causes : undefined;
}

const list = (text: string | null): string[] => (text ?? '').split(',').filter((word) => word !== '');
