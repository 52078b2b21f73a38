import { errorText, TemplateRefusedError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { KNOWN_KINDS } from '../resources/known-kinds.ts';
import type { Declared, Deployed, ResourceKind } from '../resources/resource-kind.ts';
import { type IntrinsicScope, resolve } from './intrinsics.ts';
import type { AssembledStack } from './read-assembly.ts';
import { resourceOrder } from './resource-order.ts';
import { stackScope } from './stack-scope.ts';
import type { TemplateResource } from './template.ts';

/** Output values by stack name and output key. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Names everything in the templates that this platform does not know, before anything is started.
 * @throws TemplateRefusedError with every problem found
 */
export function refuseUnknown(stacks: readonly AssembledStack[]): void {
  const problems = stacks.flatMap(({ stackName, template }) =>
    Object.entries(template.Resources).flatMap(([logicalId, resource]) =>
      unknownIn(resource).map((problem) => `${stackName} / ${logicalId} (${resource.Type}): ${problem}`),
    ),
  );
  if (problems.length > 0) throw new TemplateRefusedError(problems);
}

function unknownIn({ Type, Properties }: TemplateResource): string[] {
  const kind = KNOWN_KINDS.get(Type);
  if (kind === undefined) return [whyUnknown(Type)];
  return Object.keys(Properties)
    .filter((name) => !Object.hasOwn(kind.properties, name))
    .map((name) => `the property ${name} is not known`);
}

function whyUnknown(type: string): string {
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') {
    return `the custom resource type ${type} is not known: what its function would do to AWS cannot be done here`;
  }
  if (type.startsWith('AWS::Cognito::')) {
    return `the type ${type} is not known: leave the user pool out of the local environment, the local issuer stands in its place`;
  }
  return `the type ${type} is not known`;
}

/** Creates the resources of every stack in dependency order. @returns the outputs */
export async function deployStacks(
  stacks: readonly AssembledStack[],
  platform: Platform,
): Promise<StackOutputs> {
  const exports = new Map<string, string>();
  const outputs: Record<string, Record<string, string>> = {};
  for (const stack of stacks) {
    const deployed = new Map<string, Deployed>();
    const scope = stackScope(stack, platform, { deployed, exports });
    for (const logicalId of resourceOrder(stack.template.Resources)) {
      await deployResource(stack, logicalId, { scope, deployed, platform });
    }
    outputs[stack.stackName] = stackOutputs(stack, scope, exports);
  }
  return outputs;
}

interface Deployment {
  readonly scope: IntrinsicScope;
  readonly deployed: Map<string, Deployed>;
  readonly platform: Platform;
}

async function deployResource(
  { stackName, template, assets }: AssembledStack,
  logicalId: string,
  { scope, deployed, platform }: Deployment,
): Promise<void> {
  const resource = template.Resources[logicalId];
  if (resource === undefined) return;
  if (resource.Condition !== undefined && scope.condition(resource.Condition) !== true) return;
  const declared: Declared = { stackName, logicalId, type: resource.Type, assets };
  try {
    const properties = resolve(resource.Properties, scope);
    deployed.set(logicalId, await kindOf(resource.Type).deploy(declared, properties, platform));
  } catch (error) {
    if (error instanceof TemplateRefusedError) throw error;
    const problem = new TemplateRefusedError([
      `${stackName} / ${logicalId} (${resource.Type}): ${errorText(error)}`,
    ]);
    problem.cause = error;
    throw problem;
  }
}

function kindOf(type: string): ResourceKind {
  const kind = KNOWN_KINDS.get(type);
  if (kind === undefined) throw new Error(whyUnknown(type));
  return kind;
}

function stackOutputs(
  { stackName, template }: AssembledStack,
  scope: IntrinsicScope,
  exports: Map<string, string>,
): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [key, { Value, Condition, Export }] of Object.entries(template.Outputs)) {
    if (Condition !== undefined && scope.condition(Condition) !== true) continue;
    try {
      outputs[key] = asText(resolve(Value, scope));
      if (Export !== undefined) exports.set(asText(resolve(Export.Name, scope)), outputs[key]);
    } catch (error) {
      throw new TemplateRefusedError([`${stackName} / output ${key}: ${errorText(error)}`]);
    }
  }
  return outputs;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
