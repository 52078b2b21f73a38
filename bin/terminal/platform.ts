import colors from 'picocolors';
import type { Platform } from '../platform/start-platform.ts';

const row = (name: string, value: string): string => `  ${colors.bold(name.padEnd(14))}${value}`;

/** What runs where, for the person who started it. */
export function describePlatform(platform: Platform, seconds: string): string {
  const { local, cloud, simulator } = platform;
  const { apis, functions, queues, tables, rules, schedules } = cloud.describe();
  return [
    '',
    colors.green(colors.bold(`Trunkline is ready after ${seconds} s`)),
    row('hooks', `${local.hooksUrl}  ${colors.dim('Twilio calls here')}`),
    row(
      'application',
      `${local.applicationUrl}  ${colors.dim('your code calls here; GET /v1/openapi.json')}`,
    ),
    row(
      'Twilio',
      simulator === undefined ? local.simulatorUrl : `${simulator.url}  ${colors.dim('the simulator')}`,
    ),
    row(
      'numbers',
      Object.entries(local.numbers)
        .map(([pool, number]) => `${pool} ${number}`)
        .join('   '),
    ),
    row(
      'runs',
      `${functions.length} functions, ${tables.length} tables on ${cloud.dynamoDbEngine}, ${queues.length} queues, ${rules.length} rules, ${schedules.length} schedule`,
    ),
    ...apis.flatMap((api) =>
      api.routes.map(({ routeKey, functionName }) =>
        colors.dim(`    ${routeKey.padEnd(58)} ${functionName.replace('trunkline-local-', '')}`),
      ),
    ),
    '',
    'In another terminal:',
    `  ${colors.cyan('npx trunkline phone')}                         a simulated phone: type a text, watch the answer come`,
    `  ${colors.cyan("npx trunkline send +15550109999 'Hello'")}     send through the application API, see its story`,
    `  ${colors.cyan('npx trunkline trace <id>')}                    the story of any intent id, MessageSid or correlation id`,
    '',
    colors.dim(
      'addresses and tokens for scripts: .trunkline/local.json; logs of functions: .trunkline/cloud/logs/; ctrl-c stops',
    ),
    '',
  ].join('\n');
}
