import { nameAll } from '../../account/decompile/names.ts';
import { textIn } from '../../account/decompile/references.ts';
import { SpecDraft } from '../../account/decompile/spec.ts';
import { stableText } from '../../account/digest.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { externalIdAnnotation } from '../../resources/annotations.ts';
import { type AccountResource, apiVersion, defaultPhoneSystem } from '../../resources/kinds.ts';
import { SchemaCheck } from '../../resources/schema/schema-check.ts';
import { type CellContext, type Column, columns } from './columns.ts';
import type { CsvTable } from './csv-file.ts';
import { columnLetters, columnNamed, readHeader } from './header.ts';
import { type CellFinding, CellFindings, type Row, readRows } from './read-rows.ts';
import { findLostZeros, Rivals } from './rivals.ts';

export interface FromCsvOptions extends CellContext {
  /** Heads of the file with the columns that they stand for. */
  readonly mapping?: ReadonlyMap<string, string>;
  /** What cells that are empty, or columns that are missing, hold: by head or key of the column. */
  readonly given?: ReadonlyMap<string, string>;
  /** Extension numbers of one site may have different lengths. Default: that is a fault. */
  readonly mixedLengths?: boolean;
  /** Of the PhoneSystem that the people are for. Default: `default`, which they need not name. */
  readonly phoneSystem?: string;
}

export interface PeopleFromCsv {
  /** Of the good rows: profiles and extensions, each with the site as the table names it. */
  readonly imported: readonly { readonly resource: AccountResource; readonly site?: string }[];
  /** By line, then by column. */
  readonly findings: readonly CellFinding[];
  readonly rows: number;
  /** Rows left out. */
  readonly bad: number;
  /** Columns that stand for nothing, as a person reads it. */
  readonly ignored: readonly string[];
}

interface Person {
  readonly first: Row;
  readonly rows: Row[];
}

const columnOf = (of: Column['of'], field: string): Column => {
  const found = columns.find((column) => column.of === of && column.field === field);
  if (!found) throw new Error(`There is no column for ${field} of ${of}`);
  return found;
};
const email = columnOf('UserProfile', 'email');
const userName = columnOf('UserProfile', 'userName');
const site = columnOf('UserProfile', 'site');
const profileName = columnOf('UserProfile', 'metadata.name');
const extensionName = columnOf('Extension', 'metadata.name');
const number = columnOf('Extension', 'number');
const phoneNumbers = columnOf('Extension', 'phoneNumbers');
const devices = columnOf('Extension', 'devices');

/**
 * People of a table as resources: a UserProfile for each, an Extension for each row that has one. Several rows of
 * one person (by user name, else email) are several extensions; the other cells of the later rows are empty or the
 * same. A row with a fault is left out and named, and holds up none but those of the same person.
 *
 * @throws CsvFileError for heads that can't be understood
 */
export function peopleFromCsv(table: CsvTable, options: FromCsvOptions = {}): PeopleFromCsv {
  const { given = new Map(), mapping = new Map() } = options;
  const everywhere = new Map<Column, string>();
  for (const [name, text] of given) {
    const column = columnNamed(name);
    if (column) everywhere.set(column, text);
  }
  const { found, ignored } = readHeader(
    table.header,
    mapping,
    new Set([...everywhere.keys()].map(({ key }) => key)),
  );
  const findings = new CellFindings(found);
  const rows = readRows(table, found, findings, { ...options, given: everywhere });
  const people = group(rows, findings);
  checkRivals(people, findings, options.mixedLengths === true);
  const imported = new Making(findings, options.phoneSystem).make(people);
  return {
    imported,
    findings: findings.sorted(),
    rows: rows.length,
    bad: findings.bad,
    ignored: ignored.map(
      ({ index, meant, title }) =>
        `column ${columnLetters(index)} (${title}) is left out${meant === undefined ? '' : `; is it ${meant}?`}`,
    ),
  };
}

/** Rows of one person together. What a first row lacks, and what a later one says otherwise, is a fault. */
function group(rows: readonly Row[], findings: CellFindings): readonly Person[] {
  const people = new Map<string, Person>();
  for (const row of rows) {
    const key = row.values.get(userName) ?? row.values.get(email);
    const known = typeof key === 'string' ? people.get(key.toLowerCase()) : undefined;
    if (known) {
      compareWithFirst(known.first, row, findings);
      known.rows.push(row);
      continue;
    }
    for (const column of columns) {
      if (!column.required || row.values.has(column)) continue;
      // A fault of the cell has been said.
      if (!findings.has(row.line, column)) findings.error(row.line, column, `${column.title} is missing`);
    }
    people.set(typeof key === 'string' ? key.toLowerCase() : `line ${row.line}`, { first: row, rows: [row] });
  }
  return [...people.values()];
}

function compareWithFirst(first: Row, row: Row, findings: CellFindings): void {
  for (const [column, value] of row.values) {
    if (column.of !== 'UserProfile') continue;
    const before = first.values.get(column);
    if (before !== undefined && stableText(before) === stableText(value)) continue;
    const message = `says otherwise than line ${first.line}, which is of the same person`;
    findings.error(row.line, column, message);
  }
  if (!hasExtension(row)) {
    findings.error(row.line, undefined, `is of the same person as line ${first.line}, and has no extension`);
  }
}

function hasExtension({ values }: Row): boolean {
  return [...values.keys()].some(({ of }) => of === 'Extension');
}

function checkRivals(people: readonly Person[], findings: CellFindings, mixedLengths: boolean): void {
  const rivals = new Rivals(findings);
  const sites = new Map<Row, Json | undefined>();
  for (const { first, rows } of people) {
    const place = first.values.get(site);
    for (const row of rows) {
      sites.set(row, place);
      const { values } = row;
      if (hasExtension(row) && !values.has(number) && !findings.has(row.line, number)) {
        findings.error(row.line, number, 'there is no number for the extension that the row tells of');
      }
      const digits = values.get(number);
      if (typeof digits === 'string') {
        rivals.claim(
          row,
          number,
          `extension ${digits} of the site`,
          `${stableText(place ?? null)}/${digits}`,
        );
      }
      rivals.claimEach(row, phoneNumbers, values.get(phoneNumbers), 'number', 'phone number');
      rivals.claimEach(row, devices, values.get(devices), 'macAddress', 'device');
      const named = values.get(extensionName);
      if (typeof named === 'string') rivals.claim(row, extensionName, `extension resource ${named}`);
    }
    const named = first.values.get(profileName);
    if (typeof named === 'string') rivals.claim(first, profileName, `resource ${named}`);
  }
  if (!mixedLengths) findLostZeros([...sites.keys()], number, (row) => sites.get(row), findings);
}

/** Makes resources of rows, and checks each as the API server would. */
class Making {
  readonly #findings: CellFindings;
  readonly #phoneSystem: string;
  readonly #schema = new SchemaCheck();

  constructor(findings: CellFindings, phoneSystem = defaultPhoneSystem) {
    this.#findings = findings;
    this.#phoneSystem = phoneSystem;
  }

  make(people: readonly Person[]): PeopleFromCsv['imported'] {
    const names = nameAll(people, ({ first }) => {
      const login = String(first.values.get(userName) ?? first.values.get(email) ?? `line-${first.line}`);
      const wish = textOf(first.values.get(profileName)) ?? login.replace(/(.)@.*$/, '$1');
      return { wish, fallback: 'user', identity: login.toLowerCase() };
    });
    const withExtension = people.flatMap((person) =>
      person.rows.filter(hasExtension).map((row) => ({ person, row })),
    );
    const extensionNames = nameAll(withExtension, ({ person, row }) => {
      const digits = textOf(row.values.get(number)) ?? '';
      const wish = textOf(row.values.get(extensionName)) ?? `${names.get(person)}-${digits}`;
      return { wish, fallback: 'extension', identity: `${names.get(person)}/${digits}` };
    });
    const byRow = new Map(withExtension.map((each) => [each.row, extensionNames.get(each)]));
    return people.flatMap((person) => this.#person(person, names.get(person) ?? '', byRow));
  }

  #person(
    { first, rows }: Person,
    name: string,
    extensionNames: ReadonlyMap<Row, string | undefined>,
  ): PeopleFromCsv['imported'] {
    const profile = this.#resource('UserProfile', first, name);
    const extensions = rows.flatMap((row) => {
      const own = extensionNames.get(row);
      return own === undefined ? [] : [{ row, made: this.#resource('Extension', row, own, name) }];
    });
    if (this.#findings.isBad(first)) {
      for (const row of rows.slice(1)) {
        this.#findings.error(row.line, undefined, `line ${first.line} of the same person is left out`);
      }
      return [];
    }
    const place = siteText(first.values.get(site));
    const good = extensions.flatMap(({ made, row }) => (made && !this.#findings.isBad(row) ? [made] : []));
    return [...(profile ? [profile] : []), ...good].map((resource) => ({ resource, site: place }));
  }

  #resource(kind: Column['of'], row: Row, name: string, profile?: string): AccountResource | undefined {
    const draft = new SpecDraft();
    if (this.#phoneSystem !== defaultPhoneSystem) draft.set('phoneSystem', this.#phoneSystem);
    if (profile !== undefined) draft.set('userProfileRef', { name: profile });
    let externalId: string | undefined;
    for (const column of columns) {
      const value = row.values.get(column);
      if (column.of !== kind || value === undefined) continue;
      if (column.field === 'metadata.externalId') externalId = textOf(value);
      else if (!column.field.startsWith('metadata.'))
        draft.set(column.field, merged(draft.spec, column, value));
    }
    if (kind === 'Extension' && textIn(draft.spec, 'type') === undefined) draft.set('type', 'UC');
    const annotations =
      externalId === undefined ? {} : { annotations: { [externalIdAnnotation]: externalId } };
    const object = { apiVersion, kind, metadata: { name, ...annotations }, spec: draft.spec };
    const verdict = this.#schema.check(kind, object);
    if (verdict.valid) {
      const { resource } = verdict;
      return resource.kind === 'UserProfile' || resource.kind === 'Extension' ? resource : undefined;
    }
    // What is missing or wrong in a cell has been said of the cell.
    if (this.#findings.isBad(row)) return undefined;
    for (const { message, path } of verdict.faults) {
      const field = path[0] === 'spec' ? path.slice(1).map(String) : path.map(String);
      this.#findings.error(row.line, columnAt(kind, field), message);
    }
    return undefined;
  }
}

/** Two columns may be one list of the spec. */
function merged(spec: JsonObject, { field }: Column, value: Json): Json {
  const before = spec[field];
  return before !== undefined && isJsonArray(before) && isJsonArray(value) ? [...before, ...value] : value;
}

function columnAt(kind: Column['of'], path: readonly string[]): Column | undefined {
  return columns.find(
    ({ field, of }) => of === kind && field.split('.').every((step, index) => path[index] === step),
  );
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function siteText(value: Json | undefined): string {
  if (value === undefined || !isJsonObject(value)) return 'site';
  return textIn(value, 'name') ?? textIn(value, 'id') ?? 'site';
}
