import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { nearestName } from '../../foundation/nearest-name.ts';
import type { JsonPath } from '../json-path.ts';
import type { SchemaFault } from './schema-fault.ts';

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const annotationBytes = 256 * 1024;

/** Members of ObjectMeta, with the JSON type of each. */
const members: Readonly<Record<string, 'text' | 'number' | 'texts' | 'map' | 'list' | 'time'>> = {
  name: 'text',
  generateName: 'text',
  namespace: 'text',
  selfLink: 'text',
  uid: 'text',
  resourceVersion: 'text',
  generation: 'number',
  creationTimestamp: 'time',
  deletionTimestamp: 'time',
  deletionGracePeriodSeconds: 'number',
  labels: 'map',
  annotations: 'map',
  ownerReferences: 'list',
  finalizers: 'texts',
  managedFields: 'list',
};

/** What is wrong with `metadata`, by the API server's rules for the names, labels and annotations of objects. */
export function metadataFaults(object: JsonObject): readonly SchemaFault[] {
  const { metadata } = object;
  if (metadata === undefined || metadata === null)
    return [fault(['metadata', 'name'], 'is required', 'missing-field')];
  // That it is an object is the structure's business.
  if (!isJsonObject(metadata)) return [];
  return [
    ...typeFaults(metadata),
    ...nameFaults(metadata),
    ...labelFaults(metadata.labels),
    ...annotationFaults(metadata.annotations),
    ...finalizerFaults(metadata.finalizers),
    ...ownerFaults(metadata.ownerReferences),
  ];
}

function fault(path: JsonPath, message: string, rule: SchemaFault['rule'] = 'invalid-metadata'): SchemaFault {
  return { rule, path, at: rule === 'unknown-field' || rule === 'missing-field' ? 'key' : 'value', message };
}

function typeFaults(metadata: JsonObject): readonly SchemaFault[] {
  return Object.entries(metadata).flatMap(([name, value]): readonly SchemaFault[] => {
    const path = ['metadata', name];
    const type = Object.hasOwn(members, name) ? members[name] : undefined;
    if (type === undefined) {
      const meant = nearestName(name, Object.keys(members));
      return [
        fault(path, `there is no such field${meant ? `; did you mean ${meant}?` : ''}`, 'unknown-field'),
      ];
    }
    if (value === null) return [];
    if (type === 'map') return mapFaults(path, value);
    if (type === 'texts' && isJsonArray(value))
      return value.flatMap((item, index) =>
        typeof item === 'string' ? [] : [fault([...path, index], 'must be a text', 'wrong-type')],
      );
    return isOfType(type, value) ? [] : [fault(path, `must be ${typeNames[type]}`, 'wrong-type')];
  });
}

const typeNames = {
  text: 'a text',
  time: 'a time such as 2030-01-31T17:00:00Z',
  number: 'a whole number',
  list: 'a list',
  texts: 'a list of texts',
} as const;

function isOfType(type: keyof typeof typeNames, value: Json): boolean {
  if (type === 'number') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'list') return isJsonArray(value) && value.every((item) => isJsonObject(item));
  if (type === 'time') return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return type === 'text' && typeof value === 'string';
}

function mapFaults(path: JsonPath, value: Json): readonly SchemaFault[] {
  if (!isJsonObject(value)) return [fault(path, 'must be an object', 'wrong-type')];
  return Object.entries(value).flatMap(([name, each]) =>
    typeof each === 'string' || each === null
      ? []
      : [fault([...path, name], 'must be a text: put it in quotes', 'wrong-type')],
  );
}

function nameFaults({ name, namespace, generateName }: JsonObject): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  if (name === undefined || name === null || name === '') {
    const hint =
      generateName === undefined ? '' : ': what is kept in files needs a name of its own, not generateName';
    faults.push(fault(['metadata', 'name'], `is required${hint}`, 'missing-field'));
  } else if (typeof name === 'string' && (name.length > 253 || !subdomain.test(name)))
    faults.push(
      fault(
        ['metadata', 'name'],
        `${JSON.stringify(name)} is no name: lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit, at most 253`,
      ),
    );
  if (typeof namespace === 'string' && namespace !== '' && (namespace.length > 63 || !label.test(namespace)))
    faults.push(
      fault(
        ['metadata', 'namespace'],
        `${JSON.stringify(namespace)} is no namespace: lower-case letters, digits and "-", beginning and ending with a letter or digit, at most 63`,
      ),
    );
  return faults;
}

function labelFaults(labels: Json | undefined): readonly SchemaFault[] {
  if (!isJsonObject(labels)) return [];
  return Object.entries(labels).flatMap(([name, value]) => {
    const path = ['metadata', 'labels', name];
    const wrong = qualifiedNameFault(name);
    const faults = wrong ? [fault(path, wrong)] : [];
    if (typeof value === 'string' && value !== '' && (value.length > 63 || !qualifiedName.test(value)))
      faults.push(
        fault(
          path,
          `${JSON.stringify(value)} is no value of a label: at most 63 of letters, digits, "-", "_" and "."`,
        ),
      );
    return faults;
  });
}

/** `name` or `prefix/name`, as of labels, annotations and finalizers. */
function qualifiedNameFault(text: string): string | undefined {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length > 1 ? parts.slice(0, -1).join('/') : undefined;
  if (parts.length > 2 || (prefix !== undefined && (prefix.length > 253 || !subdomain.test(prefix))))
    return `${JSON.stringify(text)} is no name: what stands before the "/" must be a domain such as example.com`;
  return name.length > 63 || !qualifiedName.test(name)
    ? `${JSON.stringify(text)} is no name: at most 63 of letters, digits, "-", "_" and ".", beginning and ending with a letter or digit`
    : undefined;
}

function annotationFaults(annotations: Json | undefined): readonly SchemaFault[] {
  if (!isJsonObject(annotations)) return [];
  const faults = Object.keys(annotations).flatMap((name) => {
    const wrong = qualifiedNameFault(name.toLowerCase());
    return wrong ? [fault(['metadata', 'annotations', name], wrong)] : [];
  });
  const size = Object.entries(annotations).reduce(
    (sum, [name, value]) =>
      sum + Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : 0),
    0,
  );
  if (size > annotationBytes)
    faults.push(fault(['metadata', 'annotations'], `are ${size} bytes long; ${annotationBytes} are allowed`));
  return faults;
}

function finalizerFaults(finalizers: Json | undefined): readonly SchemaFault[] {
  if (!isJsonArray(finalizers)) return [];
  return finalizers.flatMap((each, index) => {
    const wrong = typeof each === 'string' ? qualifiedNameFault(each) : undefined;
    return wrong ? [fault(['metadata', 'finalizers', index], wrong)] : [];
  });
}

const ownerMembers: Readonly<Record<string, 'string' | 'boolean'>> = {
  apiVersion: 'string',
  kind: 'string',
  name: 'string',
  uid: 'string',
  controller: 'boolean',
  blockOwnerDeletion: 'boolean',
};

function ownerFaults(owners: Json | undefined): readonly SchemaFault[] {
  if (!isJsonArray(owners)) return [];
  const list = owners.filter(isJsonObject);
  const faults = list.flatMap((owner, index) => {
    const path = ['metadata', 'ownerReferences', index];
    const missing = ['apiVersion', 'kind', 'name', 'uid']
      .filter((name) => (owner[name] ?? '') === '')
      .map((name) => fault([...path, name], 'is required', 'missing-field'));
    const wrong = Object.entries(owner).flatMap(([name, value]) => {
      const type = Object.hasOwn(ownerMembers, name) ? ownerMembers[name] : undefined;
      if (type === undefined) return [fault([...path, name], 'there is no such field', 'unknown-field')];
      const word = type === 'string' ? 'a text' : 'true or false';
      return value === null || typeof value === type
        ? []
        : [fault([...path, name], `must be ${word}`, 'wrong-type')];
    });
    return [...missing, ...wrong];
  });
  if (list.filter(({ controller }) => controller === true).length > 1)
    faults.push(fault(['metadata', 'ownerReferences'], 'name more than one controller'));
  return faults;
}
