import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../foundation/json.ts';
import { BodyReader } from '../../body-reader.ts';
import { privilegeTree } from './tree.ts';

export type SectionGrant = { readonly name: string; readonly privileges: readonly string[] };
/** What an administrator may do on one PBX; `*` is every PBX. */
export type AdministratorScope = { readonly pbxName: string; readonly sections: readonly SectionGrant[] };

/**
 * Reads `scopes` of a body and normalises it. Throws 400 VALIDATION_ERROR on the field of each section,
 * privilege or PBX that there is none of.
 */
export function readScopes(body: JsonObject, pbxNames: ReadonlySet<string>): AdministratorScope[] {
  const reader = new BodyReader(body);
  if (!isJsonArray(body.scopes)) reader.fault('scopes', 'must be a list');
  const scopes: AdministratorScope[] = reader.objects('scopes').map((scope) => {
    const pbxName = scope.text('pbxName', { required: true }) ?? '';
    if (pbxName !== '' && pbxName !== '*' && !pbxNames.has(pbxName)) {
      scope.fault('pbxName', `Unknown PBX ${pbxName}`);
    }
    return { pbxName, sections: scope.objects('sections').map(readSection) };
  });
  reader.finish();
  return normaliseScopes(scopes);
}

function readSection(reader: BodyReader): SectionGrant {
  const name = reader.text('name', { required: true }) ?? '';
  const section = privilegeTree.find((known) => known.name === name);
  if (name !== '' && !section) reader.fault('name', `Unknown section ${name}`);
  const privileges = reader.list('privileges').flatMap((privilege, index) => {
    if (
      typeof privilege === 'string' &&
      (!section || section.privileges.some((one) => one.name === privilege))
    ) {
      return [privilege];
    }
    reader.fault(`privileges[${index}]`, `Unknown privilege ${textOf(privilege)} of section ${name}`);
    return [];
  });
  return { name, privileges };
}

/** The one form in which scopes are kept and shown: merged by name, sorted, without duplicates or empty ones. */
export function normaliseScopes(scopes: readonly AdministratorScope[]): AdministratorScope[] {
  const byPbx = new Map<string, Map<string, Set<string>>>();
  for (const { pbxName, sections } of scopes) {
    const merged = byPbx.get(pbxName) ?? new Map<string, Set<string>>();
    byPbx.set(pbxName, merged);
    for (const { name, privileges } of sections) {
      const all = merged.get(name) ?? new Set<string>();
      merged.set(name, all);
      for (const privilege of privileges) all.add(privilege);
    }
  }
  return [...byPbx]
    .map(([pbxName, sections]) => ({
      pbxName,
      sections: [...sections]
        .map(([name, privileges]) => ({ name, privileges: [...privileges].sort() }))
        .filter((section) => section.privileges.length > 0)
        .sort((a, b) => byText(a.name, b.name)),
    }))
    .filter((scope) => scope.sections.length > 0)
    .sort((a, b) => byText(a.pbxName, b.pbxName));
}

/** Every privilege on every PBX, as the primary administrator has. */
export function allScopes(): AdministratorScope[] {
  const sections = privilegeTree.map(({ name, privileges }) => ({
    name,
    privileges: privileges.map((privilege) => privilege.name),
  }));
  return normaliseScopes([{ pbxName: '*', sections }]);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : isJsonObject(value) ? '(an object)' : String(value);
}
