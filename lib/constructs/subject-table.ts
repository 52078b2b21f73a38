import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { TABLES, type TableName, type TableShape } from '../../functions/shared/contract/tables.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import { tableErrorsAlarm } from '../monitoring/alarms.ts';

export interface SubjectTableProps {
  readonly deployment: Deployment;
  /** The subject, as the contract names it. */
  readonly table: TableName;
  readonly key: IKey;
  /** What a throttled or failing table costs the user. */
  readonly failureImpact: string;
}

/**
 * The table of one subject, in the contract's shape: on demand, encrypted with the customer key, expiring by TTL,
 * with a stream where items carry an outbox. Protection and retention follow the environment's configuration.
 */
export class SubjectTable extends Construct {
  readonly name: TableName;
  /** Known at synth: an override from configuration, or `trunkline-<env>-<table>`. */
  readonly tableName: string;
  readonly table: Table;
  readonly key: IKey;

  constructor(scope: Construct, id: string, props: SubjectTableProps) {
    super(scope, id);
    const { configuration } = props.deployment.environment;
    this.name = props.table;
    this.key = props.key;
    this.tableName = configuration.tables[props.table] ?? resourceName(props.deployment, props.table);
    this.table = this.createTable(TABLES[props.table], props);
    this.addIndexes(TABLES[props.table]);
    acknowledge(this, 'pointInTimeRecovery');
    props.deployment.alarms.add(
      tableErrorsAlarm({
        environment: props.deployment.environment,
        tableName: this.tableName,
        subject: props.table,
        severity: 'page',
        failureImpact: props.failureImpact,
      }),
    );
  }

  private createTable(shape: TableShape, props: SubjectTableProps): Table {
    const { protection } = props.deployment.environment.configuration;
    const override = props.deployment.environment.configuration.tables[props.table];
    // A restored table is another resource, which CloudFormation imports; the damaged one is let go of, not replaced.
    return new Table(this, override === undefined ? 'Table' : `Table-${override}`, {
      tableName: this.tableName,
      partitionKey: { name: shape.partitionKey, type: AttributeType.STRING },
      ...(shape.sortKey === undefined
        ? {}
        : { sortKey: { name: shape.sortKey, type: AttributeType.STRING } }),
      ...(shape.outbox ? { stream: StreamViewType.NEW_IMAGE } : {}),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: shape.timeToLiveAttribute,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: protection.pointInTimeRecovery },
      deletionProtection: protection.deletionProtection,
      removalPolicy: protection.retainOnDelete ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  private addIndexes(shape: TableShape): void {
    for (const [indexName, index] of Object.entries(shape.indexes)) {
      this.table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        // Content stays in the table: whoever finds a key reads the item, strongly.
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
  }
}
