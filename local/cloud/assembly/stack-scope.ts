import type { Platform } from '../platform.ts';
import { type Deployed, textOf } from '../resources/resource-kind.ts';
import type { IntrinsicScope } from './intrinsics.ts';
import { NO_VALUE, resolve } from './intrinsics.ts';
import type { AssembledStack } from './read-assembly.ts';

/** What `cdk bootstrap` leaves in an account; the rule in every template asks for at least 6. */
const BOOTSTRAP_VERSION = '30';

/** What the expressions of one stack can name: pseudo parameters, parameters, its resources, other stacks' exports. */
export function stackScope(
  { stackName, template, parameters }: AssembledStack,
  platform: Platform,
  {
    deployed,
    exports,
  }: { readonly deployed: ReadonlyMap<string, Deployed>; readonly exports: ReadonlyMap<string, string> },
): IntrinsicScope {
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::Region': platform.region,
    'AWS::AccountId': platform.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:${platform.region}:${platform.accountId}:stack/${stackName}/local`,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': NO_VALUE,
  };
  const scope: IntrinsicScope = {
    region: platform.region,
    ref: (name) => {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      const resource = deployed.get(name);
      if (resource !== undefined) return resource.ref;
      return parameterValue(name, template.Parameters[name], parameters[name], platform);
    },
    attribute: (logicalId, attribute) => {
      const value = deployed.get(logicalId)?.attributes?.[attribute];
      if (value === undefined) throw new Error(`Fn::GetAtt ${logicalId}.${attribute} is not known`);
      return value;
    },
    importedValue: (name) => {
      const value = exports.get(name);
      if (value === undefined) throw new Error(`Fn::ImportValue ${name}: no stack exports it`);
      return value;
    },
    condition: (name) => {
      if (!Object.hasOwn(template.Conditions, name)) throw new Error(`the condition ${name} is not declared`);
      return resolve(template.Conditions[name], scope);
    },
    mapping: (map, topKey, secondKey) => {
      const value = template.Mappings[map]?.[topKey]?.[secondKey];
      if (value === undefined) throw new Error(`Fn::FindInMap ${map}.${topKey}.${secondKey} is not declared`);
      return value;
    },
    finishText: (text) => dynamicReferences(localHosts(text, platform), platform),
  };
  return scope;
}

function parameterValue(
  name: string,
  parameter: { readonly Type: string; readonly Default?: unknown } | undefined,
  given: string | undefined,
  platform: Platform,
): unknown {
  if (parameter === undefined) throw new Error(`Ref ${name} is not known`);
  const value = given ?? parameter.Default;
  if (value === undefined) throw new Error(`the parameter ${name} has no value`);
  if (parameter.Type.startsWith('List<') || parameter.Type === 'CommaDelimitedList')
    return String(value).split(',');
  if (!parameter.Type.startsWith('AWS::SSM::Parameter::Value<')) return value;
  if (name === 'BootstrapVersion') return BOOTSTRAP_VERSION;
  return storedParameter(String(value), platform);
}

function storedParameter(name: string, platform: Platform): string {
  const stored = platform.parameters.get(name);
  if (stored === undefined) throw new Error(`there is no SSM parameter ${name}`);
  return stored.value;
}

const DEFAULT_API_HOST = /https:\/\/([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g;

/** CDK composes the URL of an API's default stage from its id; here the API is on a port of this machine. */
function localHosts(text: string, platform: Platform): string {
  return text.replaceAll(DEFAULT_API_HOST, (url, apiId: string) => {
    const api = platform.plan.apis.get(apiId);
    return api === undefined ? url : `http://127.0.0.1:${api.port}`;
  });
}

/** `{{resolve:ssm:name}}` and `{{resolve:secretsmanager:id:SecretString:key:stage:version}}`. */
function dynamicReferences(text: string, platform: Platform): string {
  if (!text.includes('{{resolve:')) return text;
  return text.replaceAll(
    /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}/g,
    (_whole, service, argument) =>
      service === 'secretsmanager'
        ? secretReference(String(argument), platform)
        : storedParameter(String(argument), platform),
  );
}

function secretReference(argument: string, { secrets }: Platform): string {
  const [, id = '', key = '', stage = '', versionId = ''] =
    /^(arn:(?:[^:]*:){5}[^:]+|[^:]+)(?::SecretString)?(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?$/.exec(
      argument,
    ) ?? [];
  const { secretString } = secrets.find(id, { stage: stage || undefined, versionId: versionId || undefined });
  if (secretString === undefined) throw new Error(`the secret ${id} has no text`);
  if (key === '') return secretString;
  const fields: unknown = JSON.parse(secretString);
  const value =
    typeof fields === 'object' && fields !== null ? new Map(Object.entries(fields)).get(key) : undefined;
  return textOf(value) ?? JSON.stringify(value);
}
