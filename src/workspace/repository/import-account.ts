import { decompile } from '../../account/decompile/decompile.ts';
import type { Decompiled } from '../../account/decompile/decompiled.ts';
import { type Tally, tally } from '../../account/decompile/tally.ts';
import { type UnknownPath, unknownPaths } from '../../account/decompile/wire-paths.ts';
import type { ObservedAccount } from '../../account/objects.ts';
import type { PhoneSystem } from '../../resources/generated/phone-system.ts';
import { apiVersion, defaultPhoneSystem } from '../../resources/kinds.ts';
import { type Layout, layOut } from './layout.ts';
import { repositoryTexts } from './repository-texts.ts';
import { writeRepository } from './write-repository.ts';

export interface ImportOptions {
  readonly account: ObservedAccount;
  readonly customerId?: string;
  /** Where the account is, for the PhoneSystem. */
  readonly endpoint: string;
  readonly folder: string;
  readonly layout: Layout;
  readonly force: boolean;
  /** Name of the PhoneSystem. Default: `default`. */
  readonly phoneSystem?: string;
  readonly namespace?: string;
  /** For another account: without ids. */
  readonly portable: boolean;
  /** `type path` of what is left in the account though nobody has decided about it. */
  readonly allowUnknown: readonly string[];
  /** Write although the counts do not add up. */
  readonly allowMismatch: boolean;
}

export interface ImportReport {
  readonly files: number;
  readonly tally: Tally;
  readonly leftOut: Decompiled['leftOut'];
}

/** The account holds what import does not know: writing the rest would lose it without a word. */
export class UnknownPathsError extends Error {
  override readonly name = 'UnknownPathsError';
  readonly paths: readonly UnknownPath[];

  constructor(paths: readonly UnknownPath[]) {
    super(
      [
        'The account holds what this version of dialops does not know. Nothing was written. Leave it in the account with',
        ...paths.map(
          ({ objects, path, type }) => `  --allow-unknown '${type} ${path}'   (${objects} of them)`,
        ),
      ].join('\n'),
    );
    this.paths = paths;
  }
}

/** What was read does not add up. */
export class CountsError extends Error {
  override readonly name = 'CountsError';

  constructor(mismatches: readonly string[]) {
    super(
      `The counts do not add up: ${mismatches.join('; ')}. Somebody may be changing the account just now: try again. ` +
        'Nothing was written; --allow-mismatch writes what there is',
    );
  }
}

/**
 * Writes an account as a repository of resources, all of it or nothing.
 * @throws UnknownPathsError, CountsError, FolderInUseError
 */
export async function importAccount(options: ImportOptions): Promise<ImportReport> {
  const { account, allowMismatch, allowUnknown, folder, force, layout, namespace, portable } = options;
  const unknown = unknownPaths(account, allowUnknown);
  if (unknown.length > 0) throw new UnknownPathsError(unknown);
  const phoneSystem = phoneSystemOf(options);
  const decompiled = decompile({ account, phoneSystem: phoneSystem.metadata.name, portable });
  const counts = tally(account, decompiled);
  if (counts.mismatches.length > 0 && !allowMismatch) throw new CountsError(counts.mismatches);
  const files = layOut({
    imported: decompiled.imported,
    // A copy is for somewhere else: it must not go back to where it came from.
    ...(portable ? {} : { phoneSystem }),
    layout,
    ...(namespace === undefined ? {} : { namespace }),
  });
  await writeRepository(folder, await repositoryTexts(files), force);
  return { files: files.length + 1, tally: counts, leftOut: decompiled.leftOut };
}

function phoneSystemOf({ customerId, endpoint, phoneSystem }: ImportOptions): PhoneSystem {
  return {
    apiVersion,
    kind: 'PhoneSystem',
    metadata: { name: phoneSystem ?? defaultPhoneSystem },
    spec: {
      endpoint,
      apiKeySecretRef: { name: 'phone-system-key', key: 'api-key' },
      ...(customerId === undefined ? {} : { customerId }),
    },
  };
}
