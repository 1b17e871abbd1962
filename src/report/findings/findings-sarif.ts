import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '../../foundation/json.ts';
import type { Finding } from '../../resources/finding.ts';
import { formatReference, resourceKey } from '../../resources/reference.ts';
import { type RuleId, validationRule, validationRules } from '../../resources/validation-rules.ts';
import type { Validation } from './validation.ts';

/** A log in SARIF 2.1.0 (OASIS), as code scanning services take it. */
export function findingsSarif({ findings }: Validation, version: string): JsonObject {
  const ids = ruleIds();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'dialops', version, rules: ids.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true }],
        results: findings.map((finding) => resultOf(finding, ids.indexOf(finding.rule))),
      },
    ],
  };
}

function ruleIds(): readonly RuleId[] {
  return Object.keys(validationRules).filter((id): id is RuleId => Object.hasOwn(validationRules, id));
}

function ruleOf(id: RuleId): JsonObject {
  const { meaning, remedy, severity } = validationRule(id);
  return {
    id,
    shortDescription: { text: meaning },
    help: { text: remedy },
    defaultConfiguration: { level: severity },
  };
}

function resultOf(finding: Finding, ruleIndex: number): JsonObject {
  const { field, message, place, remedy, resource, rule, severity } = finding;
  const named = resource && resource.name !== '' ? resource : undefined;
  const what = [named && formatReference(named), field].filter(Boolean).join(' ');
  return {
    ruleId: rule,
    ruleIndex,
    level: severity,
    message: { text: `${what === '' ? '' : `${what}: `}${message}. ${remedy}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file) },
          region: { startLine: place.line, startColumn: place.column },
        },
        ...(named
          ? { logicalLocations: [{ fullyQualifiedName: resourceKey(named), kind: 'resource' }] }
          : {}),
      },
    ],
    partialFingerprints: { 'dialops/v1': fingerprint(finding) },
  };
}

/** A finding stays the same one when lines are added above it. */
function fingerprint({ field, message, place, resource, rule }: Finding): string {
  const identity = resource ? [rule, resourceKey(resource), field ?? ''] : [rule, place.file, message];
  return createHash('sha256').update(identity.join('\n')).digest('hex').slice(0, 32);
}

/** A relative path is relative to the root of the repository, by convention the working directory. */
export function uriOf(file: string): string {
  if (file === '-') return 'stdin';
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
