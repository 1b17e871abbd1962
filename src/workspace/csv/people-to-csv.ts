import { stringify } from 'csv-stringify/sync';
import { SpecDraft } from '../../account/decompile/spec.ts';
import { stableText } from '../../account/digest.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { externalIdAnnotation } from '../../resources/annotations.ts';
import type { Extension } from '../../resources/generated/extension.ts';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { formatReference, referenceTo } from '../../resources/reference.ts';
import { guarded, unguarded } from './cell-text.ts';
import { type Column, columns } from './columns.ts';

/** What a table of people can't hold. */
export interface Unsaid {
  readonly resource: string;
  /** Absent when the whole resource has no place in it. */
  readonly field?: string;
}

export interface PeopleToCsv {
  /** UTF-8 with a byte-order mark and CRLF, as Excel takes it for what it is. */
  readonly text: string;
  readonly people: number;
  readonly unsaid: readonly Unsaid[];
}

/** Of itself it quotes what holds CRLF, and no other line break. */
const encoding = { bom: true, record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const;

/** The heads, and a row to start from. */
export function template(): string {
  const rows = [columns.map(({ title }) => title), columns.map(({ example }) => guarded(example))];
  return stringify(rows, encoding);
}

/** People and their extensions as a table: a row an extension, or one for who has none. The inverse of `peopleFromCsv`. */
export function peopleToCsv(resources: readonly AccountResource[]): PeopleToCsv {
  const unsaid: Unsaid[] = [];
  const extensions = new Map<string, Extension[]>();
  const profiles: UserProfile[] = [];
  for (const resource of [...resources].sort(byName)) {
    const owner = resource.kind === 'Extension' ? resource.spec.userProfileRef?.name : undefined;
    if (resource.kind === 'UserProfile') profiles.push(resource);
    else if (resource.kind === 'Extension' && owner !== undefined) {
      extensions.set(owner, [...(extensions.get(owner) ?? []), resource]);
    } else unsaid.push({ resource: formatReference(referenceTo(resource)) });
  }
  const rows: string[][] = [];
  const names = new Set(profiles.map(({ metadata }) => metadata.name));
  for (const profile of profiles) {
    const own = extensions.get(profile.metadata.name) ?? [];
    for (let index = 0; index < Math.max(1, own.length); index++) {
      rows.push(rowOf(profile, own[index], index === 0, unsaid));
    }
  }
  for (const [owner, lost] of extensions) {
    if (names.has(owner)) continue;
    unsaid.push(...lost.map((extension) => ({ resource: formatReference(referenceTo(extension)) })));
  }
  const filled = columns.filter(({ required }, index) => required || rows.some((row) => row[index] !== ''));
  const kept = new Set(filled);
  const table = [
    filled.map(({ title }) => title),
    ...rows.map((row) => row.filter((_cell, index) => kept.has(columnAt(index)))),
  ];
  return { text: stringify(table, encoding), people: profiles.length, unsaid };
}

function columnAt(index: number): Column {
  const column = columns[index];
  if (!column) throw new RangeError(`There is no column ${index}`);
  return column;
}

/** Later rows of a person say only who it is. */
function rowOf(
  profile: UserProfile,
  extension: Extension | undefined,
  first: boolean,
  unsaid: Unsaid[],
): string[] {
  const key = profile.spec.userName === undefined ? 'email' : 'userName';
  const own = first ? jsonOf(profile.spec) : { [key]: profile.spec[key] ?? '' };
  const line = extension && jsonOf(extension.spec);
  const cells = columns.map((column) => {
    if (column.of === 'Extension') return extension && line ? cellOf(column, extension, line) : '';
    return first || column.key === key ? cellOf(column, profile, own) : '';
  });
  if (first) note(profile, cells, unsaid);
  if (extension) note(extension, cells, unsaid);
  return cells.map(guarded);
}

function cellOf(column: Column, { metadata }: UserProfile | Extension, spec: JsonObject): string {
  if (column.field === 'metadata.name') return metadata.name;
  if (column.field === 'metadata.externalId') return metadata.annotations?.[externalIdAnnotation] ?? '';
  return column.print(valueAt(spec, column.field.split('.')), spec);
}

/** A spec is JSON; its type does not say so. */
function jsonOf(spec: object): JsonObject {
  const value: Json = JSON.parse(JSON.stringify(spec));
  return isJsonObject(value) ? value : {};
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  return value !== undefined && isJsonObject(value) ? valueAt(value[step], rest) : undefined;
}

/** Reads the cells back: what does not come out of them as it was is not in the table. */
function note(resource: UserProfile | Extension, cells: readonly string[], unsaid: Unsaid[]): void {
  const draft = new SpecDraft();
  for (const [index, column] of columns.entries()) {
    const text = unguarded(guarded(cells[index] ?? ''));
    if (column.of !== resource.kind || text === '' || column.field.startsWith('metadata.')) continue;
    const reading = column.read(text, {});
    if ('fault' in reading) continue;
    const before = valueAt(draft.spec, column.field.split('.'));
    const both = before !== undefined && isJsonArray(before) && isJsonArray(reading.value);
    draft.set(column.field, both ? [...before, ...reading.value] : reading.value);
  }
  const { userProfileRef: _owner, phoneSystem: _system, ...spec } = jsonOf(resource.spec);
  for (const field of leaves(spec)) {
    const path = field.split('.');
    const wanted = valueAt(spec, path);
    if (asSet(wanted) === asSet(valueAt(draft.spec, path))) continue;
    unsaid.push({ resource: formatReference(referenceTo(resource)), field });
  }
}

/** Lists of a table have an order of their own: work before mobile. */
function asSet(value: Json | undefined): string {
  return value !== undefined && isJsonArray(value)
    ? stableText(value.map(stableText).sort())
    : stableText(value ?? null);
}

/** Fields that hold something other than an object. */
function leaves(value: JsonObject, above = ''): string[] {
  return Object.entries(value).flatMap(([name, member]) =>
    isJsonObject(member) ? leaves(member, `${above}${name}.`) : [`${above}${name}`],
  );
}

function byName(a: AccountResource, b: AccountResource): number {
  return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
}
