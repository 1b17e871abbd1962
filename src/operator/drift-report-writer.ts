import type { Json } from '../foundation/json.ts';
import type { DriftReport, DriftReportStatus } from '../resources/generated/drift-report.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import { apiVersion } from '../resources/kinds.ts';
import { driftReports, type Stored } from './kinds.ts';
import { isApiError } from './kubernetes/api-error.ts';
import type { KubernetesClient } from './kubernetes/client.ts';
import { sameValue } from './kubernetes/same-value.ts';

export interface DriftReportWriterOptions {
  readonly client: KubernetesClient;
  /** Asked before each write; false: nothing is written. */
  readonly mayWrite: () => boolean;
  /** A status of this kind was stored. */
  readonly onWritten: (kind: string) => void;
}

/**
 * Writes the one DriftReport of a PhoneSystem, which owns it and takes it along when it goes. Nobody else writes it,
 * so that it is read once and not watched.
 */
export class DriftReportWriter {
  readonly #options: DriftReportWriterOptions;
  /** By the uid of the PhoneSystem. */
  readonly #known = new Map<string, Stored<DriftReport>>();

  constructor(options: DriftReportWriterOptions) {
    this.#options = options;
  }

  /** @param decide may be called twice, and must be pure */
  async write(
    owner: Stored<PhoneSystem>,
    decide: (before: DriftReportStatus | undefined, generation: number) => DriftReportStatus,
  ): Promise<void> {
    try {
      await this.#write(owner, decide);
    } catch (error) {
      // Deleted meanwhile, or made anew under its name.
      if (!isApiError(error, 'notFound') && !isApiError(error, 'invalid')) throw error;
      this.#known.delete(owner.metadata.uid);
      await this.#write(owner, decide);
    }
  }

  async #write(owner: Stored<PhoneSystem>, decide: Parameters<DriftReportWriter['write']>[1]): Promise<void> {
    const { client, mayWrite, onWritten } = this.#options;
    const { namespace = 'default', name, uid } = owner.metadata;
    if (!mayWrite()) return;
    const report = this.#known.get(uid) ?? (await this.#obtain(owner));
    this.#known.set(uid, report);
    const { generation = 1, uid: ownUid } = report.metadata;
    const decided: Json = JSON.parse(JSON.stringify(decide(report.status, generation)));
    const status = driftReports.fitStatus?.(decided) ?? decided;
    if (sameValue(report.status, status) || !mayWrite()) return;
    const operations = [
      { op: 'test' as const, path: '/metadata/uid', value: ownUid },
      { op: 'add' as const, path: '/status', value: status },
    ];
    const patch = { type: 'json' as const, operations };
    this.#known.set(
      uid,
      await client.patch(driftReports, { namespace, name }, patch, { subresource: 'status' }),
    );
    onWritten(driftReports.kind);
  }

  async #obtain(owner: Stored<PhoneSystem>): Promise<Stored<DriftReport>> {
    const { client } = this.#options;
    const { namespace = 'default', name, uid } = owner.metadata;
    try {
      return await client.get(driftReports, { namespace, name });
    } catch (error) {
      if (!isApiError(error, 'notFound')) throw error;
    }
    return await client.create(driftReports, namespace, {
      apiVersion,
      kind: driftReports.kind,
      metadata: {
        name,
        namespace,
        ownerReferences: [{ apiVersion, kind: 'PhoneSystem', name, uid, controller: true }],
      },
      spec: { phoneSystem: name },
    });
  }
}
