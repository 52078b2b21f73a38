import { Alarm, AlarmRule, AlarmState, CompositeAlarm, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import type { AlarmMeaning, AlarmRequest, Condition, Severity } from '../monitoring/alarm-registry.ts';
import { burnRateAlarms } from '../monitoring/burn-rate.ts';
import { createDashboard } from '../monitoring/dashboard.ts';
import { failureAlarms } from '../monitoring/failure-alarms.ts';
import { objectives } from '../monitoring/objectives.ts';
import { promiseAlarms } from '../monitoring/promises.ts';
import { repairAlarms } from '../monitoring/repair-alarms.ts';
import type { IngressStack } from './ingress-stack.ts';
import type { StateStack } from './state-stack.ts';
import { TrunklineStack } from './trunkline-stack.ts';

/** Renders every alarm that constructs registered, the objectives and the dashboard; built after all other stacks. */
export class ObservabilityStack extends TrunklineStack {
  readonly topics: Readonly<Record<Severity, Topic>>;
  private readonly deployment: Deployment;

  constructor(scope: Construct, deployment: Deployment, state: StateStack, ingress: IngressStack) {
    super(scope, { subject: 'observability', deployment });
    this.deployment = deployment;
    const { pageEmails, ticketEmails } = deployment.environment.configuration.alarms;
    this.topics = {
      page: this.createTopic('pages', pageEmails, state),
      ticket: this.createTopic('tickets', ticketEmails, state),
    };
    const hooksApiId = ingress.hooks.api.apiId;
    deployment.alarms.add(
      ...promiseAlarms(deployment),
      ...repairAlarms(deployment),
      ...failureAlarms(deployment),
    );
    deployment.alarms.add(...objectives(deployment.environment, hooksApiId).flatMap(burnRateAlarms));
    for (const [name, request] of deployment.alarms.requests) this.render(name, request);
    createDashboard(this, deployment, hooksApiId);
  }

  private createTopic(name: string, emails: readonly string[], state: StateStack): Topic {
    const topic = new Topic(this, `Topic-${name}`, {
      topicName: resourceName(this.deployment, name),
      displayName: `Trunkline ${this.deployment.environment.name}: ${name}`,
      masterKey: state.dataKey,
      enforceSSL: true,
    });
    // A policy of its own replaces the default one: alarms must be admitted by name.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    acknowledge(topic, 'mailOfAlarms');
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }

  private render(name: string, request: AlarmRequest): void {
    const alarm =
      'condition' in request ? this.single(name, request, request.condition) : this.windowed(name, request);
    const action = new SnsAction(this.topics[request.severity]);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  private single(name: string, meaning: AlarmMeaning, condition: Condition): Alarm {
    return new Alarm(this, `Alarm-${name}`, {
      alarmName: resourceName(this.deployment, name),
      alarmDescription: this.description(meaning),
      metric: condition.metric,
      threshold: condition.threshold,
      comparisonOperator: condition.comparison,
      evaluationPeriods: condition.evaluationPeriods,
      datapointsToAlarm: condition.datapointsToAlarm ?? condition.evaluationPeriods,
      treatMissingData: condition.missingData,
    });
  }

  /** Only the composite tells anybody; its two windows are its parts. */
  private windowed(name: string, request: Extract<AlarmRequest, { long: Condition }>): CompositeAlarm {
    const windows: readonly IAlarm[] = [
      this.single(`${name}-long`, request, request.long),
      this.single(`${name}-short`, request, request.short),
    ];
    for (const window of windows) acknowledge(window, 'compositeActs');
    return new CompositeAlarm(this, `Alarm-${name}`, {
      compositeAlarmName: resourceName(this.deployment, name),
      alarmDescription: this.description(request),
      alarmRule: AlarmRule.allOf(...windows.map((window) => AlarmRule.fromAlarm(window, AlarmState.ALARM))),
    });
  }

  private description({ kind, severity, failureImpact, consoleLink }: AlarmMeaning): string {
    const { runbooks } = this.deployment.environment.configuration.links;
    return [
      `Impact (${severity}): ${failureImpact}`,
      `Runbook: ${new URL(`${kind}.md`, runbooks)}`,
      `Console: ${consoleLink}`,
    ].join('\n');
  }
}
