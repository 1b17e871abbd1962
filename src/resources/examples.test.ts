import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'examples/acme');

/** The schema as ajv takes it, where a field that the definition does not know is an error. */
function strictSchema(value: Json): Json {
  if (isJsonArray(value)) return value.map(strictSchema);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([name]) => !name.startsWith('x-kubernetes-'))
    .map(([name, member]): [string, Json] => [name, strictSchema(member)]);
  const closed = isJsonObject(value.properties) && value.additionalProperties === undefined;
  return { ...Object.fromEntries(entries), ...(closed ? { additionalProperties: false } : {}) };
}

const ajv = new Ajv({ strict: true, allErrors: true });
addFormats.default(ajv);
const validators = new Map(
  readdirSync(join(root, 'crds')).map((name) => {
    const crd = parse(readFileSync(join(root, 'crds', name), 'utf8'));
    const kind: string = crd.spec.names.kind;
    return [
      kind,
      ajv.compile(strictSchema(crd.spec.versions[0].schema.openAPIV3Schema) as JsonObject),
    ] as const;
  }),
);

const files: string[] = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')).resources;
const documents = files.flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => ({
    file,
    value: document.toJS(),
  })),
);
const account = JSON.parse(readFileSync(join(folder, 'account.json'), 'utf8'));

function specs(kind: string) {
  return documents.filter(({ value }) => value.kind === kind).map(({ value }) => value.spec);
}

function names(list: readonly { readonly name: string }[]): readonly string[] {
  return list.map(({ name }) => name);
}

describe('the example company', () => {
  test.each(documents)('$value.kind $value.metadata.name in $file passes its schema', ({ value }) => {
    const validate = validators.get(value.kind);
    expect(validate?.(value), JSON.stringify(validate?.errors)).toBe(true);
  });

  test('is complete in its kustomization', () => {
    const present = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.yaml') && file !== 'kustomization.yaml',
    );
    expect(present.sort()).toEqual([...files].sort());
  });

  test('has 25 people, two sites, shared extensions, three kinds of administrators and a port', () => {
    expect(specs('UserProfile')).toHaveLength(25);
    expect(new Set(specs('UserProfile').map(({ site }) => site.name)).size).toBe(2);
    expect(specs('Extension').filter(({ userProfileRef }) => userProfileRef === undefined)).toHaveLength(4);
    expect(specs('PrivilegeGrant')).toHaveLength(4);
    expect(specs('PortingOrder').map(({ submit }) => submit)).toEqual([true]);
  });

  test('gives each resource of a kind a name of its own', () => {
    const keys = documents.map(({ value }) => `${value.kind}/${value.metadata.name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('refers only to people that it declares', () => {
    const people = documents
      .filter(({ value }) => value.kind === 'UserProfile')
      .map(({ value }) => value.metadata.name);
    for (const { userProfileRef } of [...specs('Extension'), ...specs('PrivilegeGrant')]) {
      if (userProfileRef) expect(people).toContain(userProfileRef.name);
    }
  });

  test('refers only to what its account has', () => {
    for (const { site } of [...specs('UserProfile'), ...specs('Extension')]) {
      if (site) expect(names(account.sites)).toContain(site.name);
    }
    for (const { userGroup, profilePolicy } of specs('UserProfile')) {
      if (userGroup) expect(names(account.userGroups)).toContain(userGroup.name);
      expect(names(account.profilePolicies)).toContain(profilePolicy);
    }
    const inventory = account.phoneNumbers.map(({ phoneNumber }: { phoneNumber: string }) => phoneNumber);
    const used = specs('Extension').flatMap(({ phoneNumbers = [] }) => phoneNumbers);
    for (const { number } of used) expect(inventory).toContain(number);
    for (const { replaces } of specs('PortingOrder').flatMap(({ numbers }) => numbers)) {
      if (replaces.temporaryNumber) expect(inventory).toContain(replaces.temporaryNumber);
    }
    for (const { pbxes = [] } of specs('PrivilegeGrant')) {
      for (const pbx of pbxes) expect(['*', ...names(account.pbxes)]).toContain(pbx);
    }
  });

  test('needs no more licences than its account has', () => {
    for (const { name, seats } of account.licenses) {
      const needed = specs('Extension').filter(({ license }) => license?.name === name).length;
      expect(needed).toBeGreaterThan(0);
      expect(needed).toBeLessThanOrEqual(seats);
    }
  });

  test('uses each extension number and each phone number once', () => {
    const numbers = specs('Extension').map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    const phones = specs('Extension').flatMap(({ phoneNumbers = [] }) =>
      phoneNumbers.map(({ number }: { number: string }) => number),
    );
    expect(new Set(phones).size).toBe(phones.length);
  });

  test('is plainly made up', () => {
    for (const { email } of specs('UserProfile')) expect(email).toMatch(/@example\.com$/);
    const text = JSON.stringify([documents, account]);
    for (const [number] of text.matchAll(/\+1\d{10}/g)) expect(number).toMatch(/^\+1\d{3}55501\d\d$/);
  });
});

describe('the strict schema', () => {
  test('refuses a field that the definition does not know', () => {
    const validate = validators.get('Extension');
    const [extension] = documents.filter(({ value }) => value.kind === 'Extension');
    const misspelt = { ...extension?.value, spec: { ...extension?.value.spec, callwaiting: true } };
    expect(validate?.(misspelt)).toBe(false);
  });
});
