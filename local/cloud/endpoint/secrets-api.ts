import * as z from 'zod';
import type { SecretStore, SecretValue } from './secret-store.ts';
import type { ServiceApi } from './service-api.ts';

const id = z.looseObject({ SecretId: z.string() });
const value = z.looseObject({ SecretString: z.string().optional(), SecretBinary: z.string().optional() });
const getInput = id.extend({ VersionId: z.string().optional(), VersionStage: z.string().optional() });
const putInput = id.extend({
  ...value.shape,
  ClientRequestToken: z.string().optional(),
  VersionStages: z.array(z.string()).optional(),
});
const createInput = value.extend({
  Name: z.string(),
  Description: z.string().optional(),
  ClientRequestToken: z.string().optional(),
});
const stageInput = id.extend({
  VersionStage: z.string(),
  MoveToVersionId: z.string().optional(),
  RemoveFromVersionId: z.string().optional(),
});
const batchInput = z.looseObject({ SecretIdList: z.array(z.string()) });

/** The part of Secrets Manager's API that code at run time and its operators use. */
export function secretsApi(store: SecretStore): ServiceApi {
  return {
    'secretsmanager.GetSecretValue': (input) => getValue(store, getInput.parse(input)),
    'secretsmanager.BatchGetSecretValue': (input) => ({
      SecretValues: batchInput.parse(input).SecretIdList.map((SecretId) => getValue(store, { SecretId })),
      Errors: [],
    }),
    'secretsmanager.PutSecretValue': (input) => {
      const { SecretId, ClientRequestToken, VersionStages, ...rest } = putInput.parse(input);
      const put = store.put(SecretId, asValue(rest), ClientRequestToken, VersionStages);
      return { ARN: put.arn, Name: put.name, VersionId: put.versionId, VersionStages: put.stages };
    },
    'secretsmanager.CreateSecret': (input) => {
      const { Name, Description, ClientRequestToken, ...rest } = createInput.parse(input);
      const ARN = store.create(Name, asValue(rest), Description, ClientRequestToken);
      const isEmpty = rest.SecretString === undefined && rest.SecretBinary === undefined;
      return { ARN, Name, ...(isEmpty ? {} : { VersionId: store.find(Name, {}).versionId }) };
    },
    'secretsmanager.DescribeSecret': (input) => describe(store, id.parse(input).SecretId),
    'secretsmanager.UpdateSecretVersionStage': (input) => {
      const { SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId } = stageInput.parse(input);
      store.moveStage(SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId);
      const { arn, name } = store.describe(SecretId);
      return { ARN: arn, Name: name };
    },
    'secretsmanager.ListSecrets': () => ({ SecretList: store.names.map((name) => describe(store, name)) }),
  };
}

function getValue(
  store: SecretStore,
  { SecretId, VersionId, VersionStage }: z.infer<typeof getInput>,
): unknown {
  const found = store.find(SecretId, { versionId: VersionId, stage: VersionStage });
  return {
    ARN: found.arn,
    Name: found.name,
    VersionId: found.versionId,
    VersionStages: found.stages,
    SecretString: found.secretString,
    SecretBinary: found.secretBinary,
    CreatedDate: found.createdAt,
  };
}

function describe(store: SecretStore, SecretId: string): unknown {
  const { arn, name, description, createdAt, versions } = store.describe(SecretId);
  const VersionIdsToStages = Object.fromEntries(
    Object.entries(versions).map(([version, { stages }]) => [version, stages]),
  );
  return { ARN: arn, Name: name, Description: description, CreatedDate: createdAt, VersionIdsToStages };
}

const asValue = ({ SecretString, SecretBinary }: z.infer<typeof value>): SecretValue => ({
  secretString: SecretString,
  secretBinary: SecretBinary,
});
