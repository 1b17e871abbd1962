import type { JsonObject } from '../../foundation/json.ts';
import { countOf, type Validation } from './validation.ts';

/** `-o json`: one object; members are only ever added. */
export function findingsJson(validation: Validation): JsonObject {
  const { complete, files, findings, passedOver, resources } = validation;
  return {
    valid: countOf(validation, 'error') === 0,
    complete,
    files,
    resources,
    errors: countOf(validation, 'error'),
    warnings: countOf(validation, 'warning'),
    passedOver: Object.fromEntries([...passedOver].filter(([kind]) => kind !== '')),
    findings: findings.map(({ field, message, place, remedy, resource, rule, severity }) => ({
      rule,
      severity,
      file: place.file,
      line: place.line,
      column: place.column,
      ...(resource
        ? { resource: { kind: resource.kind, namespace: resource.namespace, name: resource.name } }
        : {}),
      ...(field === undefined ? {} : { field }),
      message,
      remedy,
    })),
  };
}
