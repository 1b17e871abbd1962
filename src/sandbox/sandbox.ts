import type { Clock } from '../foundation/clock.ts';
import type { HttpRequest, HttpResponse } from '../foundation/http.ts';
import { type ApiKey, ApiKeys } from './api-keys.ts';
import { AuditTrail } from './audit.ts';
import { AuditApi } from './audit-api.ts';
import type { Company } from './company.ts';
import { registerAdministration } from './control/administration.ts';
import { consoleModule } from './control/console.ts';
import { ControlRouter, controlPrefix } from './control/control-router.ts';
import type { SandboxCore, SandboxModule } from './core.ts';
import { extensionsModule } from './extensions/module.ts';
import { Faults } from './faults.ts';
import { IdSource, seededRandom } from './ids.ts';
import { installCompany } from './install-company.ts';
import { OffsetClock } from './offset-clock.ts';
import { Operations } from './operations.ts';
import { operationsModule } from './operations-api.ts';
import { phoneNumbersModule } from './phone-numbers.ts';
import { PhoneSystem } from './phone-system.ts';
import { RateLimiter } from './rate-limit.ts';
import { RequestHandler } from './request-handler.ts';
import { ringGroupsModule } from './ring-groups/ring-groups.ts';
import { Router } from './router.ts';
import { Scrolls } from './scroll.ts';
import { type Limits, type OperationLatency, publishedLimits, type Settings } from './settings.ts';
import { addressesModule } from './sites/addresses.ts';
import { sitesModule } from './sites/sites.ts';
import { openSqliteJournal } from './sqlite-journal.ts';
import { Statistics } from './statistics.ts';
import { memoryJournal, Store } from './store.ts';
import { usersModule } from './users/users.ts';

export interface SandboxOptions {
  readonly clock: Clock;
  /** The same seed and requests give the same ids and latencies. */
  readonly seed: number;
  readonly customerId: string;
  readonly apiKeys: readonly ApiKey[];
  /** What the phone system starts with; ignored when the data file has a company already. */
  readonly company: Company;
  /** A SQLite file; left out: in memory. */
  readonly dataFile?: string;
  readonly limits?: Partial<Limits>;
  readonly unlimited?: boolean;
  /** Default 2 to 5 seconds, as published for simple operations. */
  readonly operationLatency?: OperationLatency;
  readonly sparseRows?: boolean;
  readonly duplicateUserName?: Settings['duplicateUserName'];
  /** Turns the control API on. */
  readonly controlToken?: string;
  /** What the sandbox offers beyond the published API: by default all; an empty list: the published API alone. */
  readonly modules?: readonly SandboxModule[];
}

export interface Sandbox {
  /**
   * Answers one request. Rejects with ConnectionDropped when an injected fault closes the connection, never
   * for another reason.
   */
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** All that it answers, the control API too: `PUT /users/{userId}`, `POST /_control/console`. */
  readonly routes: readonly string[];
  /** Ends use of the data file. */
  close(): void;
}

export const basePath = '/admin-provisioning';

const publishedModules: readonly SandboxModule[] = [
  usersModule,
  ringGroupsModule,
  sitesModule,
  addressesModule,
  phoneNumbersModule,
  operationsModule,
  consoleModule,
];

/** A phone system that speaks the published API, in process; `listen.ts` puts it on a port. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const clock = new OffsetClock(options.clock);
  const store = new Store(
    options.dataFile === undefined ? memoryJournal : openSqliteJournal(options.dataFile),
  );
  const start = countStart(store);
  const ids = new IdSource(options.seed * 31 + start);
  const random = seededRandom(options.seed * 37 + start);
  const settings: Settings = {
    sparseRows: options.sparseRows ?? false,
    unlimited: options.unlimited ?? false,
    operationLatency: options.operationLatency ?? { min: 2000, max: 5000 },
    duplicateUserName: options.duplicateUserName ?? 'sync',
    limits: { ...publishedLimits, ...options.limits },
  };
  const statistics = new Statistics();
  const { customerId } = options;
  const newId = () => ids.opaque();
  const audit = new AuditTrail(store, newId);
  const operations = new Operations({
    store,
    clock,
    newId,
    random,
    settings,
    statistics,
    customerId,
    basePath,
  });
  const router = new Router();
  const control = new ControlRouter(options.controlToken);
  const faults = new Faults();
  const core: SandboxCore = {
    customerId,
    basePath,
    clock,
    ids,
    random,
    store,
    router,
    scrolls: new Scrolls(clock, newId),
    operations,
    audit,
    statistics,
    settings,
    system: new PhoneSystem(store),
    control: (route) => control.add(route),
    offer: () => {},
  };
  if (core.system.users.size === 0) store.transaction(() => installCompany(core, options.company));
  for (const module of [...publishedModules, ...(options.modules ?? [extensionsModule])]) module(core);
  registerAdministration(core, clock, faults);
  const handler = new RequestHandler({
    core,
    control,
    faults,
    keys: new ApiKeys(options.apiKeys),
    limiter: new RateLimiter(clock, settings),
    auditApi: new AuditApi(audit, customerId),
    responseIds: new IdSource(options.seed + 1_000_003 * (start + 1)),
  });
  const named = (route: { readonly method: string; readonly path: string }, prefix = '') =>
    `${route.method} ${prefix}${route.path}`;
  return {
    handle: (request) => handler.handle(request),
    routes: [
      ...[...router.all()].map((route) => named(route)),
      ...control.all().map((route) => named(route, controlPrefix)),
    ],
    close: () => store.close(),
  };
}

/** How often this data has been opened: ids after a restart must not repeat those before it. */
function countStart(store: Store): number {
  const starts = store.table<{ id: string; count: number }>('start');
  const count = starts.get('start')?.count ?? 0;
  starts.put({ id: 'start', count: count + 1 });
  return count;
}
