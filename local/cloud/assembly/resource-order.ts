import { mentionedIds } from './intrinsics.ts';
import type { Template, TemplateResource } from './template.ts';

/** Logical ids of a template in an order in which each comes after all that it depends on. @throws on a circle */
export function resourceOrder(resources: Template['Resources']): readonly string[] {
  const ordered = new Set<string>();
  const open = new Set<string>();
  const visit = (logicalId: string): void => {
    const resource = resources[logicalId];
    if (resource === undefined || ordered.has(logicalId)) return;
    if (open.has(logicalId)) throw new Error(`circular dependency: ${[...open, logicalId].join(' -> ')}`);
    open.add(logicalId);
    for (const dependency of dependenciesOf(resource)) visit(dependency);
    open.delete(logicalId);
    ordered.add(logicalId);
  };
  Object.keys(resources).forEach(visit);
  return [...ordered];
}

function dependenciesOf({ DependsOn, Properties }: TemplateResource): ReadonlySet<string> {
  const declared = DependsOn === undefined ? [] : [DependsOn].flat();
  return new Set([...declared, ...mentionedIds(Properties)]);
}
