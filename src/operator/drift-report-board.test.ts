import { expect, it } from 'vitest';
import { AccountView } from '../account/account-view.ts';
import type { Outcome } from '../account/plan.ts';
import { Authors } from '../execution/authors.ts';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import type { DriftReportStatus } from '../resources/generated/drift-report.ts';
import type { PhoneSystem } from '../resources/generated/phone-system.ts';
import { DriftReportBoard, type Round } from './drift-report-board.ts';
import type { Stored } from './kinds.ts';

const phoneSystem: Stored<PhoneSystem> = {
  apiVersion: 'dialops.dev/v1alpha1',
  kind: 'PhoneSystem',
  metadata: { name: 'default', namespace: 'acme', uid: 'uid-1', resourceVersion: '1' },
  spec: { endpoint: 'http://127.0.0.1:1', apiKeySecretRef: { name: 'phone', key: 'key' } },
};
const jane = { kind: 'UserProfile', namespace: 'acme', name: 'jane' };

/** What a round finds: jane as she shall be, or drifted. */
function round(drifted: boolean, busy = false): Round {
  const owner = { resource: jane, field: 'jobTitle' };
  const path = ['directoryInfo', 'jobTitle'];
  const outcome: Outcome = {
    resource: jane,
    externalId: 'u1',
    reason: 'Synced',
    message: '',
    verified: true,
    drift: drifted ? [{ path: path.join('.'), owner, cause: 'drift' }] : [],
    changes: [],
    applied: {},
    released: [],
  };
  const field = { path, value: 'Clerk', comparison: 'exact', owners: [owner], risk: 'safe' } as const;
  const change = {
    ...({ id: 'c1', action: 'Update', type: 'user', handle: 'user/jane', naturalKey: 'jane' } as const),
    fields: [
      {
        path,
        from: 'Queen',
        to: 'Clerk',
        cause: 'drift',
        owners: [owner],
        risk: 'safe',
        secret: false,
        field,
      },
    ],
    ...({ resources: [jane], risk: 'safe', after: [], requests: 2 } as const),
  } as const;
  return {
    plan: {
      changes: drifted ? [change] : [],
      outcomes: new Map([['UserProfile/acme/jane', outcome]]),
      reads: [],
    },
    desired: {
      ...{ objects: [], problems: [], needs: [], declarations: new Map(), leftAlone: new Map() },
      invitations: new Map(),
      granted: new Map(),
      dueEdits: [],
    },
    observed: new AccountView(),
    memory: new Map(),
    busy,
    hasAudit: false,
  };
}

function board() {
  const clock = new SimulatedClock();
  const written: DriftReportStatus[] = [];
  const shown = new DriftReportBoard({
    phoneSystem: () => phoneSystem,
    driftReports: {
      write: async (_owner, decide) => {
        await clock.sleep(200);
        written.push(decide(written.at(-1), 1));
      },
    },
    authors: new Authors({
      audit: () => undefined,
      clock,
      signal: new AbortController().signal,
      onError: () => undefined,
    }),
    clock,
    log: { error: (message, error) => expect.unreachable(`${message}: ${error}`) },
    auditFault: () => undefined,
  });
  return { clock, shown, written };
}

it('tells of a drift that was corrected before it could be written, and skips rounds without news', async () => {
  const { clock, shown, written } = board();
  shown.show(round(false));
  for (const drifted of [true, true, false, false]) shown.show(round(drifted));
  await clock.sleep(10_000);
  expect(written.map(({ summary }) => summary?.drifted)).toEqual([0, 1, 0]);
  expect(written.at(-1)?.history).toMatchObject([{ drifted: 1 }, { drifted: 0, corrected: 1 }]);
  expect(written[1]?.resources).toMatchObject([{ name: 'jane', author: 'NoAudit' }]);
});

it('leaves the API server alone while much is being applied, but for drift', async () => {
  const { clock, shown, written } = board();
  shown.show(round(false, true));
  await clock.sleep(10_000);
  expect(written).toEqual([]);
  shown.show(round(true, true));
  shown.show(round(false, true));
  await clock.sleep(10_000);
  expect(written.map(({ summary }) => summary?.drifted)).toEqual([1, 0]);
});

it('writes nothing for a PhoneSystem that goes away, or once it is told to end', async () => {
  const { clock, shown, written } = board();
  const stop = new AbortController();
  shown.until(stop.signal);
  stop.abort(new Error('stopped'));
  shown.show(round(true));
  await clock.sleep(10_000);
  expect(written).toEqual([]);
});
