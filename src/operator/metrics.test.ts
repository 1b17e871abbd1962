import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createMetrics, forgetAccount, showCounts } from './metrics.ts';

const account = 'acme/default';
const none = { managed: 0, drifted: 0 };
const counts = {
  UserProfile: { managed: 25, drifted: 2, unmanaged: 1 },
  Extension: { managed: 31, drifted: 1, unmanaged: 4 },
  PrivilegeGrant: { managed: 3, drifted: 0 },
  PortingOrder: none,
};

describe('the metrics of an account', () => {
  it('tell the kinds apart', async () => {
    const metrics = createMetrics({ processMetrics: false });
    showCounts(metrics, account, counts);
    const text = await metrics.registry.metrics();
    expect(text).toContain('dialops_resources_managed{account="acme/default",kind="UserProfile"} 25');
    expect(text).toContain('dialops_resources_drifted{account="acme/default",kind="Extension"} 1');
    expect(text).toContain('dialops_resources_managed{account="acme/default",kind="PortingOrder"} 0');
    expect(text).toContain('dialops_resources_unmanaged{account="acme/default",kind="Extension"} 4');
  });

  it('show nothing where nothing is known', async () => {
    const metrics = createMetrics({ processMetrics: false });
    showCounts(metrics, account, counts);
    showCounts(metrics, account, { ...counts, Extension: { managed: 31, drifted: 1 } });
    const text = await metrics.registry.metrics();
    expect(text).not.toMatch(/unmanaged\{.*kind="(Extension|PrivilegeGrant|PortingOrder)"/);
    expect(text).toMatch(/unmanaged\{.*kind="UserProfile"/);
  });

  it('tell what is left of the limits now, not at the last round', async () => {
    const { live, registry } = createMetrics({ processMetrics: false });
    let left = 12;
    live.set(account, { budgetRemaining: () => left, operationsInFlight: () => 3 });
    expect(await registry.metrics()).toContain(`budget_remaining{account="${account}"} 12`);
    left = 20;
    expect(await registry.metrics()).toContain(`budget_remaining{account="${account}"} 20`);
    expect(await registry.metrics()).toContain(`operations_in_flight{account="${account}"} 3`);
  });

  it('go with the account: a replica that keeps it no longer does not show its last figures', async () => {
    const metrics = createMetrics({ processMetrics: false });
    showCounts(metrics, account, counts);
    showCounts(metrics, 'other/default', counts);
    metrics.lastSync.set({ account, sync: 'full' }, 1);
    metrics.live.set(account, { budgetRemaining: () => 1, operationsInFlight: () => 1 });
    forgetAccount(metrics, account);
    const text = await metrics.registry.metrics();
    expect(text).not.toContain(account);
    expect(text).toContain('other/default');
  });
});

it('the operations guide has every metric with its labels, and no other', async () => {
  const { registry } = createMetrics({ processMetrics: false });
  const exported = registry.getMetricsAsArray().map((metric) => {
    const labels = 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [];
    return labels.length === 0 ? metric.name : `${metric.name}{${labels.join(',')}}`;
  });
  const guide = await readFile('docs/operations.md', 'utf8');
  const documented = [...guide.matchAll(/^\| `(dialops_[^`]+)`/gm)].map(([, metric]) => metric);
  expect(documented.toSorted()).toEqual(exported.toSorted());
});

it('no metric has a label whose values grow with the number of people', async () => {
  const bounded = ['account', 'code', 'kind', 'method', 'priority', 'queue', 'reason', 'resource', 'route'];
  const others = ['outcome', 'sync', 'verb'];
  const { registry, ...metrics } = createMetrics({ processMetrics: false });
  const used = Object.values(metrics).flatMap((metric) =>
    'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [],
  );
  expect([...new Set(used)].sort()).toEqual([...bounded, ...others].sort());
});
