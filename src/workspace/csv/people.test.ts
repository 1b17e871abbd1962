import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { SchemaCheck } from '../../resources/schema/schema-check.ts';
import { readCsv } from './csv-file.ts';
import { type FromCsvOptions, peopleFromCsv } from './people-from-csv.ts';
import { peopleToCsv, template } from './people-to-csv.ts';

const fromText = (text: string, options?: FromCsvOptions) =>
  peopleFromCsv(readCsv(new TextEncoder().encode(text)), options);
const names = (text: string, options?: FromCsvOptions) =>
  fromText(text, options).imported.map(({ resource }) => `${resource.kind} ${resource.metadata.name}`);
const words = (text: string, options?: FromCsvOptions) =>
  fromText(text, options).findings.map(
    ({ column, line, message, severity }) => `${severity} ${line}${column ?? ''}: ${message}`,
  );

const head = 'First name,Last name,Email,Site,Extension,Phone numbers';

describe('people of a CSV file', () => {
  it('become profiles with their extensions, several rows of one person several extensions', () => {
    const { findings, imported } = fromText(
      `${head}\nJane,Example,jane@example.com,HQ,1001,+14085550123\n,,jane@example.com,,1002,\nJoan,Example,joan@example.com,HQ,,\n`,
    );
    expect(findings).toEqual([]);
    expect(imported).toMatchObject([
      {
        site: 'HQ',
        resource: {
          kind: 'UserProfile',
          metadata: { name: 'jane' },
          spec: { firstName: 'Jane', email: 'jane@example.com', site: { name: 'HQ' } },
        },
      },
      {
        resource: {
          kind: 'Extension',
          metadata: { name: 'jane-1001' },
          spec: {
            number: '1001',
            type: 'UC',
            userProfileRef: { name: 'jane' },
            phoneNumbers: [{ number: '+14085550123' }],
          },
        },
      },
      { resource: { kind: 'Extension', metadata: { name: 'jane-1002' } } },
      { resource: { kind: 'UserProfile', metadata: { name: 'joan' } } },
    ]);
  });

  it('are kept where their rows are good; every bad one is named at once, with line and column', () => {
    const text = [
      head,
      'Jane,Example,jane@example.com,HQ,1001,+14085550123',
      'J,Example,jim@example,HQ,1002,1.41E+10',
      'Joan,Example,joan@example.com,HQ,1001,+14085550123',
      ',,jim@example,,1003,',
      'Jack,Example,jack@example.com,,1004,',
      'Jill,Example,jill@example.com,HQ,1005,+14085550124,surplus',
      ',,jack@example.com,,1006,',
    ].join('\n');
    expect(names(text)).toEqual(['UserProfile jane', 'Extension jane-1001']);
    expect(words(text)).toEqual([
      'error 3A: has 1 characters; the phone system takes 2 to 128',
      'error 3C: is not an email address',
      expect.stringMatching(/^error 3F: 1\.41E\+10 is what Excel made of a longer number/),
      'error 4E: extension 1001 of the site stands in line 2 already',
      'error 4F: phone number +14085550123 stands in line 2 already',
      'error 5A: First name is missing',
      'error 5B: Last name is missing',
      'error 5C: is not an email address',
      'error 5D: Site is missing',
      'error 6D: Site is missing',
      'error 7: has 7 cells, and there are 6 columns: put text that holds the separator in quotes',
      'error 8: line 6 of the same person is left out',
    ]);
    expect(fromText(text)).toMatchObject({ rows: 7, bad: 6 });
  });

  it('may say of one person the same twice, and not otherwise', () => {
    const rows = (second: string) => `${head}\nJane,Example,jane@example.com,HQ,1001,\n${second}\n`;
    expect(words(rows('Jane,Example,jane@example.com,HQ,1002,'))).toEqual([]);
    expect(words(rows('Jane,Sample,jane@example.com,HQ,1002,'))).toEqual([
      'error 3B: says otherwise than line 2, which is of the same person',
    ]);
    expect(words(rows(',,jane@example.com,,,'))).toEqual([
      'error 3: is of the same person as line 2, and has no extension',
    ]);
  });

  it('whose extension lost its zeros are found by the others of the site', () => {
    const text = `${head}\nJane,Example,jane@example.com,HQ,1001,\nJoan,Example,joan@example.com,HQ,12,\nJim,Example,jim@example.com,Branch,13,\n`;
    expect(words(text)).toEqual([
      expect.stringMatching(/^error 3E: 12 has 2 digits where others of the site have 4: .* write 0012/),
    ]);
    expect(words(text, { extensionLength: 4 })).toEqual([
      'warning 3E: 12 was taken for 0012',
      'warning 4E: 13 was taken for 0013',
    ]);
    expect(words(text, { mixedLengths: true })).toEqual([]);
  });

  it('are found under other heads, with what is the same for all given', () => {
    const text =
      'Vorname;Nachname;Work email;Email;Badge\nJane;Example;jane@example.com;home@example.com;7\n';
    const mapping = new Map([
      ['vorname', 'First name'],
      ['Nachname', 'lastName'],
      ['Work email', 'email'],
    ]);
    const { ignored, imported } = fromText(text, { mapping, given: new Map([['site', 'HQ']]) });
    expect(imported[0]?.resource.spec).toMatchObject({ email: 'jane@example.com', site: { name: 'HQ' } });
    expect(ignored).toEqual([
      expect.stringMatching(/^column D \(Email\) is left out/),
      'column E (Badge) is left out',
    ]);
    expect(() => fromText(text)).toThrow(/no column First name, Last name, Site; .* --map/);
    expect(() => fromText(text, { mapping: new Map([['Vornam', 'firstNam']]) })).toThrow(
      /there is no column firstNam; did you mean firstName\?/,
    );
  });

  it('take over who is there already where the list, or --set for all of it, says so', () => {
    const text =
      'First name,Last name,Email,Site,Extension,Extension adoption policy\nJane,Example,jane@example.com,HQ,1001,ifunclaimed\n';
    const { imported } = fromText(text, { given: new Map([['adoptionPolicy', 'IfUnclaimed']]) });
    expect(imported.map(({ resource: one }) => one.spec)).toMatchObject([
      { email: 'jane@example.com', adoptionPolicy: 'IfUnclaimed' },
      { number: '1001', adoptionPolicy: 'IfUnclaimed' },
    ]);
  });

  it('may be for another phone system than the default one', () => {
    const { imported } = fromText(template(), { phoneSystem: 'london' });
    expect(imported.map(({ resource: one }) => one.spec.phoneSystem)).toEqual(['london', 'london']);
  });

  it('begin with a template that is itself taken over', () => {
    expect(names(template())).toEqual(['UserProfile jane', 'Extension jane-1001']);
    expect(words(template())).toEqual([]);
  });
});

const schema = new SchemaCheck();

/** A resource that the API server takes. */
function resource(kind: 'UserProfile' | 'Extension', name: string, spec: JsonObject, id?: string) {
  const annotations = id === undefined ? {} : { annotations: { 'dialops.dev/external-id': id } };
  const object = { apiVersion: 'dialops.dev/v1alpha1', kind, metadata: { name, ...annotations }, spec };
  const verdict = schema.check(kind, object);
  if (!verdict.valid) throw new Error(verdict.faults.map(({ message }) => message).join('; '));
  const made = verdict.resource;
  if (made.kind === 'PhoneSystem' || made.kind === 'DriftReport') throw new Error('another kind');
  return made;
}

interface Described {
  readonly profile: JsonObject;
  readonly numbers: readonly JsonObject[];
}

function people(list: readonly Described[]): readonly AccountResource[] {
  return list.flatMap(({ numbers, profile }, index) => {
    const name = `person-${index}`;
    return [
      resource('UserProfile', name, { ...profile, email: `p${index}@example.com` }, `id-${index}`),
      ...numbers.map((extension, at) =>
        resource('Extension', `${name}-x${at}`, {
          userProfileRef: { name },
          number: String(1000 + index * 10 + at),
          type: 'UC',
          ...extension,
        }),
      ),
    ];
  });
}

const word = fc.stringMatching(/^[A-Za-z'(][A-Za-z0-9.,\-_()']{1,8}$/);
const note = fc.stringMatching(/^[=+\-@'"A-Za-z0-9;,#][A-Za-z0-9 ;,"'=+@\n-]{0,8}[a-z"]$/);
const person = fc.record({
  profile: fc.record(
    {
      firstName: word,
      lastName: word,
      site: fc.oneof(fc.record({ name: word }), fc.record({ id: word })),
      jobTitle: note,
      status: fc.constantFrom('Active', 'Inactive'),
      directory: fc.record({ visible: fc.boolean() }),
    },
    { requiredKeys: ['firstName', 'lastName', 'site'] },
  ),
  numbers: fc.array(
    fc.record(
      { callWaiting: fc.boolean(), callerId: fc.record({ externalName: note }) },
      { requiredKeys: [] },
    ),
    { maxLength: 3 },
  ),
});

describe('people as CSV', () => {
  it('come back as they were, and give the same CSV again', () => {
    fc.assert(
      fc.property(fc.array(person, { minLength: 1, maxLength: 6 }), (list) => {
        const before = people(list);
        const { text, unsaid } = peopleToCsv(before);
        expect(unsaid).toEqual([]);
        const { findings, imported } = fromText(text, { mixedLengths: true });
        expect(findings).toEqual([]);
        const after = imported.map(({ resource: one }) => one);
        const sorted = (all: readonly AccountResource[]) =>
          [...all].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
        expect(sorted(after)).toEqual(sorted(before));
        expect(peopleToCsv(after).text).toBe(text);
      }),
    );
  });

  it('hold no formula', () => {
    const list = people([
      {
        profile: { firstName: 'Jane', lastName: 'Ex', site: { name: '@HQ' }, jobTitle: '=1+1' },
        numbers: [],
      },
    ]);
    expect(peopleToCsv(list).text).toMatch(/\r\nJane,Ex,p0@example\.com,'@HQ,'=1\+1,person-0,id-0\r\n$/);
  });

  it('name what there is no column for', () => {
    const list = people([
      {
        profile: { firstName: 'Jane', lastName: 'Ex', site: { name: 'HQ' }, deletionPolicy: 'Delete' },
        numbers: [{ hotDesk: true }],
      },
    ]);
    expect(peopleToCsv(list).unsaid).toEqual([
      { resource: 'UserProfile person-0', field: 'deletionPolicy' },
      { resource: 'Extension person-0-x0', field: 'hotDesk' },
    ]);
  });
});
