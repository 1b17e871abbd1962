import { type DriftedResource, type DriftFindings, findDrift } from '../account/drift/drift-findings.ts';
import type { Authorship } from '../account/drift/drift-wording.ts';
import { managedTypes } from '../account/drift/unmanaged.ts';
import { formatPath, type ObservedAccount } from '../account/objects.ts';
import { type Differing, findAuthors } from '../execution/author-search.ts';
import { AuditClient } from '../phonesystem/audit.ts';
import { RequestBudget } from '../phonesystem/budget.ts';
import { readOnlyTransport } from '../phonesystem/read-only-transport.ts';
import { readAccount } from '../phonesystem/snapshot.ts';
import { isAccountKind } from '../resources/kinds.ts';
import type { Lock } from './lock-file.ts';
import { type Run, type RunOptions, runOnce } from './run.ts';

export interface AccountDrift {
  readonly run: Run;
  readonly findings: DriftFindings;
  /** The account, with the collections that nobody's YAML asks for. */
  readonly observed: ObservedAccount;
  /** When the reading began, in milliseconds since the epoch. */
  readonly readAt: number;
  readonly authorOf: (drifted: DriftedResource) => Authorship;
}

export interface DriftOptions extends Omit<RunOptions, 'planOnly' | 'prune'> {
  /** False when a file could not be read: then nobody knows what is unmanaged. */
  readonly complete: boolean;
  /** How far back the audit records are read, in milliseconds; 0: not at all. */
  readonly auditMs: number;
  /** The audit trail could not be read. */
  readonly onAuditError: (error: unknown) => void;
}

/**
 * Reads an account and finds what moved away from what was applied, who did it, and what nobody declares. Reads only.
 *
 * @throws as runOnce does
 */
export async function readDrift(options: DriftOptions): Promise<AccountDrift> {
  const readAt = options.clock.now();
  const run = await runOnce({ ...options, prune: false, planOnly: true });
  const { desired } = run.host;
  if (!desired) throw new Error('No plan was made');
  const observed = await withUndeclaredTypes(run, options);
  const lock = await options.lockFile.read();
  const found = findDrift({
    plan: run.plan,
    desired,
    observed,
    memory: run.host.memory(),
    declaredElsewhere: declaredUnread(lock, options),
    remembersNothing: lock.resources.size === 0,
  });
  const findings = options.complete ? found : withoutUnmanaged(found);
  const authors = await authorsOf(findings.drifted, run, options, readAt);
  return {
    run,
    findings,
    observed,
    readAt,
    authorOf: (drifted) => authors.get(drifted) ?? { state: 'NotRecorded' },
  };
}

/** Collections that no YAML is compared with may hold what no YAML declares. */
async function withUndeclaredTypes(run: Run, { clock, signal }: DriftOptions): Promise<ObservedAccount> {
  const { client, observed } = run;
  const types = managedTypes.filter((type) => {
    const { state } = observed.collections[type];
    return state === 'unknown' && run.host.snapshot?.failures.has(type) !== true;
  });
  if (types.length === 0) return observed;
  return await readAccount(client, { types, clock, signal, priority: 'sync', previous: observed });
}

/** Objects of resources that stand in the files and can't be read for a fault of theirs. */
function declaredUnread({ resources }: Lock, { faulty }: DriftOptions): ReadonlySet<string> {
  return new Set(
    [...resources].flatMap(([key, { kind, status }]) =>
      faulty.has(key) && isAccountKind(kind) && status?.externalId !== undefined
        ? [`${kind}/${status.externalId}`]
        : [],
    ),
  );
}

function withoutUnmanaged(findings: DriftFindings): DriftFindings {
  const why = 'a file could not be read, and what it declares is not known';
  return { ...findings, unmanaged: [], unknown: [...findings.unknown, { why }] };
}

async function authorsOf(
  drifted: readonly DriftedResource[],
  run: Run,
  options: DriftOptions,
  to: number,
): Promise<ReadonlyMap<DriftedResource, Authorship>> {
  const wanted = new Map<DriftedResource, Differing>();
  for (const resource of drifted) {
    const { externalId, fields, state } = resource;
    if (externalId === undefined) continue;
    const paths = state === 'Missing' ? [] : fields.map(({ path }) => formatPath(path));
    const values = new Map(
      fields.flatMap(({ account = null, path }) =>
        account === null || typeof account !== 'object' ? [[formatPath(path), account] as const] : [],
      ),
    );
    wanted.set(resource, { objectId: externalId, paths, values });
  }
  const { auditMs, onAuditError, signal } = options;
  const audit = auditMs > 0 ? auditClient(run, options) : undefined;
  const found = await findAuthors([...wanted.values()], {
    ...(audit ? { audit } : {}),
    from: to - auditMs,
    // What was changed while the account was read counts, too.
    to: options.clock.now() + 1_000,
    signal,
    onError: onAuditError,
  });
  return new Map(
    [...wanted].flatMap(([resource, differing]) => {
      const authorship = found.get(differing);
      return authorship ? [[resource, authorship] as const] : [];
    }),
  );
}

/** A separate API with an address, limits and perhaps a key of its own (8x8 guide: audit records). */
function auditClient({ offer }: Run, options: DriftOptions): AuditClient | undefined {
  const { apiKey, clock, phoneSystem, random, secrets, transport } = options;
  const { audit } = phoneSystem.spec;
  const endpoint = audit?.endpoint ?? offer?.auditUrl;
  if (endpoint === undefined) return undefined;
  const own = audit?.apiKeySecretRef;
  return new AuditClient({
    endpoint,
    apiKey: own
      ? async () =>
          Buffer.from(await secrets.read(own))
            .toString('utf8')
            .trim()
      : apiKey,
    transport: readOnlyTransport(transport),
    budget: new RequestBudget({ clock }),
    clock,
    random,
  });
}
