import type { JsonObject } from '../../../foundation/json.ts';
import { Cache } from '../cache.ts';
import { type ApiRequestSample, KubernetesClient } from '../client.ts';
import { ApiConnection } from '../connection.ts';
import { type KubernetesObject, plainType, readObject } from '../object.ts';
import { FakeApiServer, widget } from './fake-api-server.ts';
import { ManualClock } from './manual-clock.ts';

export type Widget = JsonObject & KubernetesObject;
export const widgets = plainType('example.com', 'v1', 'widgets', 'Widget');
export const widgetPath = (name: string) => `/apis/example.com/v1/namespaces/default/widgets/${name}`;

/** A fake API server, a client of it, and a cache that holds what `seed` put there. */
export class Fixture {
  readonly server: FakeApiServer;
  readonly clock = new ManualClock();
  readonly connection: ApiConnection;
  readonly samples: ApiRequestSample[] = [];
  readonly errors: unknown[] = [];
  readonly client: KubernetesClient;
  readonly cache = new Cache<Widget>((error) => this.errors.push(error));

  private constructor(server: FakeApiServer) {
    this.server = server;
    this.connection = new ApiConnection(() => server.kubeConfig('token-1'));
    const onRequest = (sample: ApiRequestSample) => this.samples.push(sample);
    this.client = new KubernetesClient({ connection: this.connection, clock: this.clock, onRequest });
  }

  static async start(): Promise<Fixture> {
    return new Fixture(await FakeApiServer.start());
  }

  /** Stores a widget in the server and, as it is then, in the cache. */
  seed(name: string, rest: JsonObject = {}): Widget {
    const object = readObject(widgets, this.server.store.put(widgetPath(name), { ...widget(name), ...rest }));
    this.cache.upsert(object);
    return object;
  }

  /** Changes a stored widget behind the cache's back. */
  edit(name: string, change: JsonObject): void {
    this.server.store.put(widgetPath(name), { ...this.stored(name), ...change });
  }

  stored(name: string): Widget {
    return readObject(widgets, this.server.store.get(widgetPath(name)) ?? null);
  }

  async stop(): Promise<void> {
    this.connection.close();
    await this.server.stop();
  }
}
