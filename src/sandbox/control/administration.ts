import type { JsonObject } from '../../foundation/json.ts';
import { BodyReader } from '../body-reader.ts';
import type { SandboxCore } from '../core.ts';
import type { Faults } from '../faults.ts';
import type { OffsetClock } from '../offset-clock.ts';

/** `/faults`, `/clock`, `/stats` and `/settings` of the control API. */
export function registerAdministration(core: SandboxCore, clock: OffsetClock, faults: Faults): void {
  const now = () => ({ now: new Date(clock.now()).toISOString() });
  core.control({ method: 'POST', path: '/faults', handle: (_params, body) => ({ id: faults.arm(body) }) });
  core.control({
    method: 'DELETE',
    path: '/faults',
    handle: () => {
      faults.clear();
      return {};
    },
  });
  core.control({ method: 'GET', path: '/clock', handle: now });
  core.control({
    method: 'POST',
    path: '/clock',
    handle: (_params, body) => {
      const reader = new BodyReader(body);
      const advanceMs = reader.integer('advanceMs', { required: true, min: 0 }) ?? 0;
      reader.finish();
      clock.advance(advanceMs);
      core.operations.settle();
      return now();
    },
  });
  core.control({ method: 'GET', path: '/stats', handle: () => core.statistics.snapshot() });
  core.control({
    method: 'DELETE',
    path: '/stats',
    handle: () => {
      core.statistics.clear();
      return {};
    },
  });
  core.control({
    method: 'POST',
    path: '/settings',
    handle: (_params, body) => {
      changeSettings(core, body);
      const { duplicateUserName, operationLatency, sparseRows, unlimited } = core.settings;
      const { max, min, tail } = operationLatency;
      return {
        sparseRows,
        unlimited,
        duplicateUserName,
        latencyMs: { min, max },
        tail: tail ? { ...tail } : null,
      };
    },
  });
}

function changeSettings(core: SandboxCore, body: JsonObject): void {
  const { settings } = core;
  const reader = new BodyReader(body);
  const sparseRows = reader.boolean('sparseRows');
  const unlimited = reader.boolean('unlimited');
  const duplicates = reader.text('duplicateUserName', { oneOf: ['sync', 'operation', '409'] });
  const latency = reader.object('latencyMs');
  const min = latency?.integer('min', { required: true, min: 0 });
  const max = latency?.integer('max', { required: true, min: min ?? 0 });
  const tail = reader.object('tail');
  const tailMs = tail?.integer('ms', { required: true, min: 0 });
  const share = tail?.body.share;
  if (tail && (typeof share !== 'number' || share < 0 || share > 1))
    tail.fault('share', 'must be from 0 to 1');
  reader.finish();
  settings.sparseRows = sparseRows ?? settings.sparseRows;
  settings.unlimited = unlimited ?? settings.unlimited;
  if (duplicates === 'sync' || duplicates === 'operation' || duplicates === '409') {
    settings.duplicateUserName = duplicates;
  }
  if (min !== undefined && max !== undefined)
    settings.operationLatency = { ...settings.operationLatency, min, max };
  if (tailMs !== undefined && typeof share === 'number') {
    settings.operationLatency = { ...settings.operationLatency, tail: { share, ms: tailMs } };
  }
}
