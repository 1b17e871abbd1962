import { createHash } from 'node:crypto';
import { authorshipText, deletedInAccount } from '../../account/drift/drift-wording.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { uriOf } from '../findings/findings-sarif.ts';
import type { DriftReport, Place, ReportedResource } from './drift-report.ts';
import { fieldText } from './drift-words.ts';

const remedies = {
  'drift-changed':
    'Put it right with dialops apply, or take it over into the YAML with dialops drift --accept.',
  'drift-deleted': 'Have it made again by dialops apply, or take its document out of the YAML.',
  'drift-unknown': 'See why, and run it again.',
};

const rules = [
  { id: 'drift-changed', level: 'warning', text: 'A declared value was changed in the account.' },
  { id: 'drift-deleted', level: 'error', text: 'A declared object was deleted in the account.' },
  { id: 'drift-unknown', level: 'note', text: 'A part of the account could not be read or judged.' },
] as const;
type Rule = (typeof rules)[number]['id'];

/** Drift as a log in SARIF 2.1.0 (OASIS): one result a field, at its line of the YAML. */
export function driftSarif(report: DriftReport, version: string): JsonObject {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'dialops',
            version,
            rules: rules.map(({ id, level, text }) => ({
              id,
              shortDescription: { text },
              help: { text: remedies[id] },
              defaultConfiguration: { level },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, endTimeUtc: report.time }],
        results: [
          ...report.resources.flatMap(resultsOf),
          ...report.unknown.map(({ what, why }) =>
            result('drift-unknown', `${what}: ${why}`, { identity: what }),
          ),
        ],
      },
    ],
  };
}

function resultsOf(resource: ReportedResource): JsonObject[] {
  const { author, fields, namespace, place, resource: name, state } = resource;
  const who = authorshipText(author);
  const key = `${namespace}/${name}`;
  if (state === 'Missing') {
    const text = `${name}: ${deletedInAccount}; ${who}. ${remedies['drift-deleted']}`;
    return [result('drift-deleted', text, { place, resource: key, identity: key })];
  }
  return fields.map((field) => {
    const text = `${name} ${field.field}: ${fieldText(field)}; ${who}. ${remedies['drift-changed']}`;
    return result('drift-changed', text, {
      place: field.place ?? place,
      resource: key,
      identity: `${key} ${field.path}`,
    });
  });
}

function result(
  id: Rule,
  text: string,
  at: { readonly place?: Place | undefined; readonly resource?: string; readonly identity: string },
): JsonObject {
  const ruleIndex = rules.findIndex((rule) => rule.id === id);
  const { identity, place, resource } = at;
  const location = {
    ...(place
      ? {
          physicalLocation: {
            artifactLocation: { uri: uriOf(place.file) },
            region: { startLine: place.line, startColumn: place.column },
          },
        }
      : {}),
    ...(resource === undefined
      ? {}
      : { logicalLocations: [{ fullyQualifiedName: resource, kind: 'resource' }] }),
  };
  return {
    ruleId: id,
    ruleIndex,
    level: rules[ruleIndex]?.level ?? 'warning',
    message: { text },
    ...(Object.keys(location).length > 0 ? { locations: [location] } : {}),
    partialFingerprints: {
      'dialops/v1': createHash('sha256').update(`${id}\n${identity}`).digest('hex').slice(0, 32),
    },
  };
}
