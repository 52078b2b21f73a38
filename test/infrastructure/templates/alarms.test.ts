import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { METRICS } from '../../../functions/shared/contract/metrics.ts';
import { ENVIRONMENTS, type Resource, synthesized } from './synthesized.ts';

const RUNBOOKS = fileURLToPath(new URL('../../../docs/runbooks/', import.meta.url));
/** Runbooks of what somebody sets out to do; no alarm leads to them. */
const PROCEDURES: ReadonlySet<string> = new Set(['restore.md']);
const runbookFiles = readdirSync(RUNBOOKS).filter((file) => file.endsWith('.md') && file !== 'README.md');

const runbookOf = ({ properties }: Resource): string | undefined =>
  /^Runbook: https:\/\/\S+\/docs\/runbooks\/(\S+\.md)$/m.exec(properties.AlarmDescription)?.[1];

describe.each(ENVIRONMENTS)('alarms of %s', (environment) => {
  const { of, target } = synthesized(environment);
  const alarms = [...of('AWS::CloudWatch::Alarm'), ...of('AWS::CloudWatch::CompositeAlarm')];
  const alarm = (name: string) =>
    alarms.find(({ properties }) => properties.AlarmName === `trunkline-${environment}-${name}`);
  const isWindow = ({ properties }: Resource): boolean => /-(long|short)$/.test(properties.AlarmName);

  test('every alarm links to a runbook that exists, and every runbook belongs to an alarm', () => {
    expect(new Set(alarms.map(runbookOf))).toEqual(
      new Set(runbookFiles.filter((file) => !PROCEDURES.has(file))),
    );
  });

  test('an alarm has the name of its runbook', () => {
    for (const candidate of alarms) {
      const runbook = runbookOf(candidate)?.replace('.md', '');
      expect(candidate.properties.AlarmName).toMatch(new RegExp(`^trunkline-${environment}-${runbook}-`));
    }
  });

  test('every alarm says what it costs and where to look', () => {
    for (const { properties } of alarms) {
      expect(properties.AlarmDescription).toMatch(
        /^Impact \((page|ticket)\): [A-Z].{20,}\.\nRunbook: https:.+\nConsole: https:.+$/,
      );
      expect(properties.AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  test('every alarm but a window of a composite notifies the topic of its severity', () => {
    for (const candidate of alarms) {
      const severity = /^Impact \((\w+)\)/.exec(candidate.properties.AlarmDescription)?.[1];
      const topics = (candidate.properties.AlarmActions ?? []).map(
        (action: unknown) => target(candidate.stack, action)?.properties.TopicName,
      );
      expect(topics).toEqual(isWindow(candidate) ? [] : [`trunkline-${environment}-${severity}s`]);
    }
  });

  test.each([
    ['duplicate-detected-record-status', 'page'],
    ['duplicate-detected-send-message', 'page'],
    ['reshape-receive-webhook', 'page'],
    ['replay-mismatch-receive-webhook', 'page'],
    ['publish-poisoned-publish-events', 'page'],
    ['ledger-mismatch-audit-ledger', 'page'],
    ['unknown-status-record-status', 'ticket'],
    ['unknown-error-codes-handle-failure', 'ticket'],
  ])('%s alarms on the first count, as a %s', (name, severity) => {
    expect(alarm(name)?.properties).toMatchObject({
      Namespace: 'Trunkline',
      Threshold: 1,
      EvaluationPeriods: 1,
      Statistic: 'Sum',
      TreatMissingData: 'notBreaching',
      AlarmDescription: expect.stringContaining(`Impact (${severity})`),
    });
  });

  test('a lost webhook now and then is nothing, in two of six polls it is a ticket', () => {
    expect(alarm('inbound-repaired-poll-inbound-messages')?.properties).toMatchObject({
      MetricName: 'InboundRepaired',
      Period: 300,
      EvaluationPeriods: 6,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
      AlarmDescription: expect.stringContaining('(ticket)'),
    });
  });

  test('a repair of lost webhooks that lags by 15 minutes, or is silent, pages', () => {
    expect(alarm('inbound-poll-late-poll-inbound-messages')?.properties).toMatchObject({
      MetricName: 'InboundPollAge',
      Statistic: 'Maximum',
      Threshold: 900_000,
      Period: 300,
      EvaluationPeriods: 3,
      TreatMissingData: 'breaching',
      AlarmDescription: expect.stringContaining('(page)'),
    });
  });

  test('a day without an audit is a ticket', () => {
    expect(alarm('ledger-audit-missing-audit-ledger')?.properties).toMatchObject({
      MetricName: 'LedgerAudited',
      ComparisonOperator: 'LessThanThreshold',
      Period: 21_600,
      EvaluationPeriods: 5,
      TreatMissingData: 'breaching',
    });
  });

  test('the age of the stream is a ticket after 5 minutes and a page after an hour', () => {
    expect(alarm('stream-age-delayed')?.properties).toMatchObject({
      MetricName: 'IteratorAge',
      Threshold: 300_000,
      AlarmDescription: expect.stringContaining('(ticket)'),
    });
    expect(alarm('stream-age-stuck')?.properties).toMatchObject({
      MetricName: 'IteratorAge',
      Threshold: 3_600_000,
      AlarmDescription: expect.stringContaining('(page)'),
    });
  });

  test('any parked message is a ticket, one that waits for four hours pages', () => {
    const ofTick = {
      Namespace: 'Trunkline',
      Dimensions: [{ Name: 'service', Value: 'dispatch-due' }],
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    };
    expect(alarm('parked-messages-waiting')?.properties).toMatchObject({
      ...ofTick,
      MetricName: 'Parked',
      Threshold: 1,
      AlarmDescription: expect.stringContaining('(ticket)'),
    });
    expect(alarm('parked-messages-overdue')?.properties).toMatchObject({
      ...ofTick,
      MetricName: 'ParkedAge',
      Threshold: 14_400_000,
      AlarmDescription: expect.stringContaining('(page)'),
    });
  });

  test('unknown outcomes page above a thousandth of the posts', () => {
    expect(alarm('unknown-outcomes-send-message')?.properties).toMatchObject({
      Threshold: 0.1,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  test('server errors of both APIs alarm', () => {
    expect(alarm('api-errors-hooks')).toBeDefined();
    expect(alarm('api-errors-application')).toBeDefined();
  });

  test('custom metrics are ones that the contract names', () => {
    const names = alarms
      .flatMap(({ properties }) => [
        { Namespace: properties.Namespace, MetricName: properties.MetricName },
        ...(properties.Metrics ?? []).map((entry: Resource['properties']) => entry.MetricStat?.Metric ?? {}),
      ])
      .filter(({ Namespace }) => Namespace === 'Trunkline')
      .map(({ MetricName }) => MetricName);

    expect(Object.values(METRICS)).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  test('CloudWatch accepts the windows: seven days at most, ten metrics at most', () => {
    for (const { properties } of of('AWS::CloudWatch::Alarm')) {
      const periods = (properties.Metrics ?? [])
        .flatMap((entry: Resource['properties']) => entry.MetricStat?.Period ?? [])
        .concat(properties.Period ?? []);
      const longest = Math.max(...periods) * properties.EvaluationPeriods;
      expect(
        (properties.Metrics ?? []).filter((entry: Resource['properties']) => entry.MetricStat).length,
      ).toBeLessThanOrEqual(10);
      expect(longest).toBeLessThanOrEqual(7 * 86_400);
    }
  });
});

describe('runbooks', () => {
  const HEADINGS = [
    'Meaning and impact',
    'First five minutes',
    'Decide',
    'Safe commands',
    'Verify',
    'Escalate',
    'Links',
  ];

  test.each(runbookFiles)('%s has every section, in order', (file) => {
    const text = readFileSync(`${RUNBOOKS}${file}`, 'utf8');
    const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);

    expect(text).toMatch(new RegExp(`^# ${file.replace('.md', '')}\\n`));
    expect(headings).toEqual(HEADINGS);
  });

  test.each(runbookFiles)('the commands of %s parse', (file) => {
    const text = readFileSync(`${RUNBOOKS}${file}`, 'utf8');
    const commands = /```sh\n([\s\S]+?)```/.exec(text)?.[1] ?? '';
    const parsed = spawnSync('bash', ['-n'], { input: commands, encoding: 'utf8' });

    expect(commands).toContain('ENV=');
    expect({ status: parsed.status, stderr: parsed.stderr }).toEqual({ status: 0, stderr: '' });
  });

  test.each(runbookFiles)('the links of %s to other runbooks lead somewhere', (file) => {
    const text = readFileSync(`${RUNBOOKS}${file}`, 'utf8');
    const linked = [...text.matchAll(/\]\(([\w-]+\.md)\)/g)].map((match) => match[1]);

    expect(runbookFiles).toEqual(expect.arrayContaining(linked));
  });
});
