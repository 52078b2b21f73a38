import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { reportResult } from '../fresh-process.ts';

/** Loads a bundle and makes its first call: the part of a cold start that is the code's own. */
const [bundle = '', eventFile = ''] = process.argv.slice(2);
const event: unknown = JSON.parse(readFileSync(eventFile, 'utf8'));
const load = createRequire(import.meta.url);
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 10_000 };

const start = performance.now();
const { handler } = load(bundle);
const loaded = performance.now();
const { statusCode } = await handler(event, context);
const answered = performance.now();
if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
reportResult({ load: loaded - start, firstCall: answered - loaded });
