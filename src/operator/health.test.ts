import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HealthServer, startHealthServer } from './health.ts';
import { countKubernetesRequests, createMetrics, type Metrics } from './metrics.ts';

let server: HealthServer;
let metrics: Metrics;
let synced: boolean;

beforeEach(async () => {
  synced = false;
  metrics = createMetrics();
  server = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    live: {},
    ready: {
      caches: () => (synced ? undefined : 'waiting for the first list'),
      broken: () => {
        if (!synced) throw new Error('ada@example.com');
        return undefined;
      },
    },
    registry: metrics.registry,
  });
});

afterEach(async () => {
  await server.close();
});

const get = async (path: string, method = 'GET') => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: answer.status, body: await answer.text() };
};

describe('the health server', () => {
  it('is alive while it is not ready, and says why it is not', async () => {
    expect(await get('/healthz')).toEqual({ status: 200, body: 'ok\n' });
    expect(await get('/readyz')).toEqual({
      status: 503,
      body: 'FAIL caches: waiting for the first list\nFAIL broken: the check itself failed\n',
    });
    synced = true;
    expect(await get('/readyz?verbose')).toEqual({ status: 200, body: 'ok   caches\nok   broken\n' });
  });

  it('serves the metrics, those of the process included', async () => {
    countKubernetesRequests(metrics)({ verb: 'list', resource: 'extensions', code: 200, seconds: 0.1 });
    const { status, body } = await get('/metrics');
    expect(status).toBe(200);
    expect(body).toContain(
      'dialops_kubernetes_requests_total{verb="list",resource="extensions",code="200"} 1',
    );
    expect(body).toContain('nodejs_eventloop_lag_seconds');
  });

  it('has no label that could hold a person', async () => {
    const all = await metrics.registry.getMetricsAsJSON();
    expect(all.filter((metric) => metric.name.startsWith('dialops_')).length).toBeGreaterThan(10);
    const text = await metrics.registry.metrics();
    expect(text).not.toMatch(/(?:email|user|phone_number|person|name)="/i);
  });

  it('refuses everything else', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await get('/metrics', 'POST')).status).toBe(405);
  });

  it('names the address when the port is taken', async () => {
    const again = startHealthServer({
      host: '127.0.0.1',
      port: server.port,
      live: {},
      ready: {},
      registry: metrics.registry,
    });
    await expect(again).rejects.toThrow(`Cannot serve health and metrics on 127.0.0.1:${server.port}`);
  });
});
