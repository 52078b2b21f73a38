import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSimulator } from '../../../../local/twilio/start-simulator.ts';
import { accountAt, closeLater, closeStages, ourNumber, phone } from '../support/stage.ts';
import { application } from '../support/support-line.ts';
import { startWebhookReceiver, status, type WebhookReceiver } from '../support/webhook-receiver.ts';

let directory: string;
let receiver: WebhookReceiver;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'call-command-'));
  receiver = await startWebhookReceiver();
  closeLater(receiver);
  const simulator = await startSimulator({ seed: 'cli', accounts: [accountAt(receiver.url)] });
  closeLater({ close: () => simulator.stop() });
  const unused = { hooksUrl: '', applicationUrl: '', consoleUrl: null, accountSid: '', authToken: '' };
  const local = { ...unused, simulatorUrl: simulator.url, applicationToken: '', numbers: {}, aws: {} };
  writeFileSync(join(directory, 'local.json'), JSON.stringify(local));
});

afterEach(async () => {
  await closeStages();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs `trunkline call`; `typed` goes to its keyboard once the call asks for something. */
async function trunklineCall(options: readonly string[], typed?: string) {
  const child = spawn(process.execPath, ['bin/trunkline.ts', 'call', phone, ourNumber, ...options], {
    env: { ...process.env, TRUNKLINE_STATE: directory, NO_COLOR: '1' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (typed !== undefined && output.includes('waits for')) child.stdin.write(typed);
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, lines: output.trim().split('\n') };
}

const menu = {
  '/voice': '<Gather numDigits="1" action="/menu"><Say>Hi.</Say></Gather>',
  '/menu': ({ params }: { params: Record<string, string> }) => `<Say>You said ${params.Digits}.</Say>`,
};

test('a scripted call prints what the caller hears and does, with times', async () => {
  receiver.answerWith(application(menu));
  const { code, lines } = await trunklineCall(['--keys', '7', '--requests']);
  expect(lines.map((line) => line.replace(/^\s*\d+\.\d s {2}/, ''))).toEqual([
    expect.stringMatching(/^call CA[0-9a-f]{32} {2}\+15550107777 → \+15550100001$/),
    'POST /voice: 200',
    'answered',
    '“Hi.”',
    expect.stringMatching(/… waits for dtmf$/),
    '→ presses 7',
    'POST /menu: 200',
    '“You said 7.”',
    'completed: end of document',
  ]);
  expect(code).toBe(0);
}, 60_000);

test('a person at the keyboard presses and hangs up', async () => {
  receiver.answerWith(
    application({ '/voice': '<Gather numDigits="2" timeout="30"><Say>Hi.</Say></Gather>' }),
  );
  const { lines } = await trunklineCall([], '7\nh\n');
  expect(lines.join('\n')).toMatch(/→ presses 7[\s\S]*→ hangs up[\s\S]*completed: hung up by phone/);
}, 60_000);

test("a call that ends in Twilio's error voice fails the command", async () => {
  receiver.answerWith(status(500));
  const { code, lines } = await trunklineCall(['--keys', '1']);
  expect(lines.join('\n')).toMatch(/application error[\s\S]*completed: application error/);
  expect(code).toBe(1);
}, 60_000);

test('a script that is none is refused before anybody is called', async () => {
  const file = join(directory, 'script.json');
  writeFileSync(file, '{"keys": "1"}');
  const { code, lines } = await trunklineCall(['--script', file]);
  expect(lines[0]).toMatch(/is not a JSON array of steps/);
  expect(code).toBe(1);
  expect(receiver.received).toEqual([]);
}, 60_000);
