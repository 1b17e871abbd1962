import type { Imported } from '../../account/decompile/decompiled.ts';
import { nameAll } from '../../account/decompile/names.ts';
import type { PhoneSystem } from '../../resources/generated/phone-system.ts';
import type { AccountKind } from '../../resources/kinds.ts';

export const layouts = ['kind', 'site'] as const;
export type Layout = (typeof layouts)[number];

/** One file of a repository of resources. */
export interface RepositoryFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly content:
    | { readonly kind: 'resource'; readonly imported: Pick<Imported, 'resource' | 'remarks'> }
    | { readonly kind: 'phoneSystem'; readonly phoneSystem: PhoneSystem }
    | {
        readonly kind: 'kustomization';
        readonly resources: readonly string[];
        readonly namespace?: string;
      };
}

const folders: Readonly<Record<AccountKind, string>> = {
  UserProfile: 'people',
  Extension: 'extensions',
  PrivilegeGrant: 'privilege-grants',
  PortingOrder: 'porting-orders',
};

/** The folder of the schema that the modelines of the files name. */
export const schemaFile = '.dialops/dialops.schema.json';

/** All that there may be at the root. */
export const rootEntries: readonly string[] = [
  'phone-system.yaml',
  'kustomization.yaml',
  'sites',
  ...Object.values(folders),
  '.dialops',
];

/**
 * Where everything stands: a file for each resource, named as it is, in a folder of its kind or of its site, and a
 * kustomization in each folder. The place of a resource does not depend on what else there is, so that a second
 * import shows what changed and nothing else. Sorted by path.
 */
export function layOut(options: {
  readonly imported: readonly Pick<Imported, 'resource' | 'remarks' | 'site'>[];
  /** Absent where it has a repository of its own already. */
  readonly phoneSystem?: PhoneSystem;
  readonly layout: Layout;
  /** Stands in the kustomization at the root. */
  readonly namespace?: string;
}): readonly RepositoryFile[] {
  const { imported, layout, namespace, phoneSystem } = options;
  const sites = new Set(imported.flatMap(({ site }) => (site === undefined ? [] : [site])));
  const siteFolders = nameAll(sites, (site) => ({ wish: site, fallback: 'site', identity: site }));
  const files: RepositoryFile[] = [];
  const members = new Map<string, Set<string>>();
  if (phoneSystem) {
    files.push({ path: 'phone-system.yaml', content: { kind: 'phoneSystem', phoneSystem } });
    members.set('', new Set(['phone-system.yaml']));
  }
  for (const item of imported) {
    const { kind, metadata } = item.resource;
    const site = item.site === undefined ? undefined : siteFolders.get(item.site);
    const above = layout === 'site' && site !== undefined ? ['sites', pathPart(site)] : [];
    const folder = [...above, folders[kind]];
    const file = fileOf(metadata.name);
    files.push({
      path: [...folder, file].join('/'),
      content: { kind: 'resource', imported: item },
    });
    enter(members, folder, file);
  }
  for (const [folder, entries] of members) {
    files.push({
      path: folder === '' ? 'kustomization.yaml' : `${folder}/kustomization.yaml`,
      content: {
        kind: 'kustomization',
        resources: [...entries].sort(),
        ...(folder === '' && namespace !== undefined ? { namespace } : {}),
      },
    });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The file that kustomize looks for, and names that Windows keeps for its devices: git could not check them out there. */
const reserved = /^(?:kustomization|con|prn|aux|nul|com\d|lpt\d)$/;

/** Somebody may be called so. */
function fileOf(name: string): string {
  return `${pathPart(name)}.yaml`;
}

function pathPart(name: string): string {
  return reserved.test(name) ? `_${name}` : name;
}

/** Notes a file in its folder, and each folder in the one above it. */
function enter(members: Map<string, Set<string>>, folder: readonly string[], file: string): void {
  const path = folder.join('/');
  const known = members.get(path);
  if (known) {
    known.add(file);
    return;
  }
  members.set(path, new Set([file]));
  const last = folder.at(-1);
  if (last !== undefined) enter(members, folder.slice(0, -1), last);
}
