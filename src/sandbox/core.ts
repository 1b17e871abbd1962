import type { Clock } from '../foundation/clock.ts';
import type { JsonObject } from '../foundation/json.ts';
import type { AuditTrail } from './audit.ts';
import type { IdSource } from './ids.ts';
import type { Operations } from './operations.ts';
import type { PhoneSystem } from './phone-system.ts';
import type { Router } from './router.ts';
import type { Scrolls } from './scroll.ts';
import type { Settings } from './settings.ts';
import type { Statistics } from './statistics.ts';
import type { Store } from './store.ts';

/** A route of the control API: synchronous, JSON in and out, authorised by the control token. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/_control`, with `{name}` for a segment that varies: `/invitations/{id}/accept`. */
  readonly path: string;
  /** Returns the answer's body. Throws ApiProblem for any answer but 200. */
  handle(params: Readonly<Record<string, string>>, body: JsonObject): JsonObject | readonly JsonObject[];
}

/** What a module of the sandbox builds on. */
export interface SandboxCore {
  readonly customerId: string;
  /** `/admin-provisioning`, without a slash at its end. */
  readonly basePath: string;
  /** The sandbox's time, which the control API can move ahead. */
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Seeded; uniform in [0, 1). */
  readonly random: () => number;
  readonly store: Store;
  readonly router: Router;
  readonly scrolls: Scrolls;
  readonly operations: Operations;
  readonly audit: AuditTrail;
  readonly statistics: Statistics;
  readonly settings: Settings;
  /** Users, extensions, ring groups, sites, addresses, numbers and licences: the tables and their rules. */
  readonly system: PhoneSystem;
  control(route: ControlRoute): void;
  /** Names what `/.well-known/dialops.json` lists under `offers`. */
  offer(name: string): void;
}

/**
 * A part of the sandbox. It is called once, before the first request, and registers its collections
 * (`collection.ts`), routes (`core.router.add`), commands (`core.operations.define`) and control routes.
 */
export type SandboxModule = (core: SandboxCore) => void;
