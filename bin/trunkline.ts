#!/usr/bin/env node
import { Argument, Command, Option } from 'commander';
import { collect, collectOverride, day, errorCode, port } from './arguments.ts';
import { CommandError } from './commands/command-error.ts';

const program = new Command('trunkline')
  .description('A production communications backend on Twilio: run it, drive it, look into it.')
  .showHelpAfterError('(add --help for what is possible)');

program
  .command('start')
  .description('run the whole platform on this machine: stacks, simulated Twilio, phones')
  .option('--demo', 'show the whole story of one text, then stop')
  .option('--fresh', 'forget all state of earlier runs')
  .option('-c, --context <key=value>', 'override a configuration value, as for cdk', collectOverride, {})
  .option('--state <directory>', 'where state is kept', '.trunkline')
  .action(async (options) => (await import('./commands/start.ts')).start(options));

program
  .command('simulator')
  .description('run the Twilio simulator alone, against webhooks anywhere')
  .option('--port <port>', 'port to listen on', port, 4010)
  .requiredOption('--account <AccountSid>', 'account that the simulator serves')
  .requiredOption('--auth-token <token>', 'auth token that signs its webhooks', process.env.TWILIO_AUTH_TOKEN)
  .requiredOption('--hooks-url <origin>', 'origin of the hooks API (HooksUrl of the stack)')
  .option('--service <MessagingServiceSid...>', 'Messaging Services of the sender pools')
  .option('--number <E.164>', 'number that phones can text', '+15550100001')
  .option('--seed <seed>', 'makes a run repeatable', '1')
  .option('--config <file>', 'full settings as JSON (docs/simulator.md) instead of the options above')
  .action(async (options) => (await import('./commands/simulator.ts')).simulator(options));

program
  .command('send')
  .description('send a text through the application API')
  .argument('<to>', 'recipient, E.164')
  .argument('<text...>', 'the message')
  .addOption(
    new Option('--class <class>', 'traffic class')
      .choices(['otp', 'transactional', 'marketing'])
      .default('transactional'),
  )
  .option('--media <url>', 'attachment; may be given up to ten times', collect, [])
  .option('--key <key>', 'Idempotency-Key; a new one by default')
  .option('--send-at <time>', 'ISO 8601')
  .option('--use <name>', 'chooses among the pools of the traffic class')
  .option('--campaign <name>', 'what the message belongs to')
  .option('--correlation-id <id>', 'joins your own story')
  .option('--no-follow', 'do not wait for the story to end')
  .action(async (to, text, options) =>
    (await import('./commands/send.ts')).send(to, text.join(' '), options),
  );

program
  .command('explain')
  .description(
    'what would become of a text: every rule of the gate, what it looked at, its verdict; sends nothing',
  )
  .argument('<to>', 'recipient, E.164')
  .argument('[text...]', 'the message', ['Hello'])
  .addOption(
    new Option('--class <class>', 'traffic class')
      .choices(['otp', 'transactional', 'marketing'])
      .default('transactional'),
  )
  .addOption(new Option('--channel <channel>').choices(['auto', 'sms', 'whatsapp']).default('auto'))
  .option('--send-at <time>', 'ISO 8601')
  .option('--time-zone <zone>', 'IANA name of the recipient’s zone')
  .option('--postcode <postcode>', 'ZIP code or Canadian postal code of the recipient')
  .option('--use <name>', 'chooses among the pools of the traffic class')
  .option('--campaign <name>', 'what the message belongs to')
  .option('--json', 'as JSON')
  .action(async (to, text, options) =>
    (await import('./commands/explain.ts')).explain(to, text.join(' '), options),
  );

program
  .command('trace')
  .description('the whole story of an intent id, a MessageSid or a correlation id')
  .argument('<id>')
  .option('--json', 'as JSON')
  .option('--follow', 'go on until interrupted')
  .action(async (id, options) => (await import('./commands/trace.ts')).trace(id, options));

program
  .command('errors')
  .description('what a Twilio error code means, and what is done about it; without a code, all of them')
  .argument('[code]', 'error code', errorCode)
  .action(async (code) => (await import('./commands/errors.ts')).errors(code));

program
  .command('pause')
  .description(
    'stop sending: all, class:<traffic class>, pool:<name> or campaign:<name>; messages wait, nothing is lost',
  )
  .argument('<scope>')
  .requiredOption('--reason <text>', 'kept in the story; never a number or a name')
  .option('--freeze', 'everything, until somebody confirms that it may go on (after a restore)')
  .action(async (scope, options) => (await import('./commands/pause.ts')).pause(scope, options));

program
  .command('resume')
  .description('send again; what waited follows within a minute')
  .argument('<scope>')
  .option('--reason <text>', 'kept in the story', 'resumed from the command line')
  .option('--confirm', 'needed to end a freeze')
  .action(async (scope, options) => (await import('./commands/pause.ts')).resume(scope, options));

program
  .command('pauses')
  .description('what operators have stopped')
  .action(async () => (await import('./commands/pause.ts')).pauses());

program
  .command('parked')
  .description('messages of unknown outcome that wait for an operator')
  .action(async () => (await import('./commands/parked.ts')).parked());

program
  .command('decide')
  .description('decide on a parked message')
  .argument('<id>', 'intent id')
  .addArgument(new Argument('<decision>').choices(['resend', 'give-up']))
  .requiredOption('--reason <text>', 'kept in the story; never a number or a name')
  .action(async (id, decision, options) =>
    (await import('./commands/parked.ts')).decide(id, decision, options),
  );

program
  .command('phone')
  .description('a simulated phone: type to text, answers appear')
  .argument('[address]', "the phone's own number", '+15550109999')
  .option('--to <number>', 'number to text; the platform’s transactional number by default')
  .option('--say <text>', 'send one text, show what comes within --wait, and stop')
  .option('--wait <seconds>', 'how long --say waits', Number, 5)
  .action(async (address, options) => (await import('./commands/phone.ts')).phone(address, options));

program
  .command('call')
  .description(
    'a call from a simulated phone: type digits, "s text" to speak, h to hang up; no real call is made',
  )
  .argument('<from>', "the phone's own number, E.164")
  .argument('<to>', 'number to call')
  .option('--keys <keys>', 'what to press at each question in turn, separated by commas')
  .option('--script <file>', 'JSON: what to do at each question (docs/simulator.md)')
  .option('--requests', 'also show the requests for TwiML')
  .action(async (from, to, options) => (await import('./commands/call.ts')).call(from, to, options));

program
  .command('configure')
  .description('point things at Twilio to this deployment')
  .command('number')
  .description("set a phone number's webhook, fallback and connection overrides at Twilio")
  .argument('<number>', 'E.164 number of the account')
  .option('--hooks-url <origin>', 'HooksUrl of the stack; the local platform by default')
  .option('--account <AccountSid>', 'or TWILIO_ACCOUNT_SID', process.env.TWILIO_ACCOUNT_SID)
  .option('--twilio-base-url <url>', 'Twilio’s REST API, or a simulator')
  .option(
    '--voice-fallback-url <url>',
    'VoiceFallbackUrl of the fallback stack; without it, calls are left as they are',
  )
  .option('--dry-run', 'only show what would change')
  .action(async (number, options) =>
    (await import('./commands/configure-number.ts')).configureNumber(number, options),
  );

const flows = program.command('flows').description('judge and draw the call flows of config/flows');

flows
  .command('check')
  .description('walk every way through every flow; each finding with its reason')
  .action(async () => (await import('./commands/flows.ts')).checkAllFlows());

flows
  .command('draw')
  .description('draw a flow as a picture for people (SVG)')
  .argument('<flow>', 'name of the flow')
  .option('--output <file>', 'where the picture is written', '')
  .action(async (name, options) => (await import('./commands/flows.ts')).drawFlow(name, options));

program
  .command('replay')
  .description('publish the events of a time window again; nothing changes twice')
  .requiredOption('--from <time>', 'ISO 8601, inclusive')
  .requiredOption('--to <time>', 'ISO 8601, exclusive')
  .option('--environment <name>', 'environment whose tables are read', 'local')
  .option('-c, --context <key=value>', 'override a configuration value, as for cdk', collectOverride, {})
  .option('--segments <n>', 'parallel scan segments', Number, 4)
  .action(async (options) => (await import('./commands/replay.ts')).replay(options));

const restore = program
  .command('restore')
  .description(
    'put a table back to a point in time without sending anything twice (docs/runbooks/restore.md)',
  );

restore
  .command('attach')
  .description('give a restored table its stream, expiry, recovery and protection; freezes sending in it')
  .argument('<table>', 'messaging, inbox, timeline, ...')
  .requiredOption('--name <table>', 'physical name of the restored table')
  .option('--dry-run', 'only show what is missing', false)
  .option('--environment <name>', 'environment that it belongs to', 'local')
  .option('-c, --context <key=value>', 'override a configuration value, as for cdk', collectOverride, {})
  .action(async (table, options) => (await import('./commands/restore.ts')).attach(table, options));

restore
  .command('mark')
  .description('mark what Twilio has had since the restore point, so that it is not sent again')
  .requiredOption('--since <time>', 'the restore point, ISO 8601')
  .option('--environment <name>', 'environment whose tables are read', 'local')
  .option('-c, --context <key=value>', 'override a configuration value, as for cdk', collectOverride, {})
  .action(async (options) => (await import('./commands/restore.ts')).mark(options));

program
  .command('redrive')
  .description('take a dead-letter queue back to where its messages failed; nothing changes twice')
  .argument('<queue>', 'sms, timeline, send-<pool>, publish-failed, ...')
  .option('--per-second <n>', 'messages a second at most', Number, 20)
  .option('--most <n>', 'stop after about as many', Number)
  .option('--dry-run', 'only count what waits', false)
  .option('--environment <name>', 'environment whose queues are meant', 'local')
  .option('-c, --context <key=value>', 'override a configuration value, as for cdk', collectOverride, {})
  .action(async (queue, options) => (await import('./commands/redrive.ts')).redrive(queue, options));

const importing = program.command('import').description('hand over from files');
importing
  .command('consents')
  .description(
    'import consents from CSV; every bad row is reported, and a second run goes on where the first stopped',
  )
  .argument('<csv>', 'columns address, kind, scope, occurredAt, wording, place')
  .option('--parallel <n>', 'hundreds of rows at once', '4')
  .action(async (file, options) =>
    (await import('./commands/import-consents.ts')).importConsents(file, options),
  );

importing
  .command('messages')
  .description('send a message for each line of a CSV file; the same file again goes on where it stopped')
  .argument('<csv>', 'with a header; the column `to`, and `body` unless --text is given')
  .option('--text <text>', 'the message, with {column} where a line has its own value')
  .addOption(
    new Option('--class <class>', 'traffic class')
      .choices(['otp', 'transactional', 'marketing'])
      .default('transactional'),
  )
  .option('--use <name>', 'chooses among the pools of the traffic class')
  .option('--campaign <name>', 'what the messages belong to')
  .action(async (file, { text, class: trafficClass, use, campaign }) =>
    (await import('./commands/import-messages.ts')).importMessages(file, {
      message: { trafficClass, ...(use && { use }), ...(campaign && { campaign }) },
      ...(text === undefined ? {} : { text }),
    }),
  );

const exporting = program.command('export').description('write records to files');
exporting
  .command('consent')
  .description('export the consent ledger with its hash chain; goes on where an earlier run stopped')
  .requiredOption('--to <directory>', 'where the export is written')
  .option('--csv', 'write ledger.csv as well', false)
  .action(async (options) => (await import('./commands/export-consent.ts')).exportConsent(options));

program
  .command('verify')
  .description('check an exported consent ledger: any changed byte is found')
  .argument('<directory>', 'of an export')
  .action(async (directory) => (await import('./commands/verify-ledger.ts')).verify(directory));

program
  .command('audit')
  .description("compare a day's messages with Twilio's list, in both directions")
  .requiredOption('--date <YYYY-MM-DD>', 'a day that is over, UTC', day)
  .option('--environment <name>', 'environment whose tables are read', 'local')
  .option('-c, --context <key=value>', 'override a configuration value, as for cdk', collectOverride, {})
  .action(async (options) => (await import('./commands/audit.ts')).audit(options));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`trunkline: ${error.message}\n`);
  process.exitCode = 1;
}
