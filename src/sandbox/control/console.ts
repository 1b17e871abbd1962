import { isJsonObject, type Json } from '../../foundation/json.ts';
import { BodyReader } from '../body-reader.ts';
import type { SandboxCore, SandboxModule } from '../core.ts';
import { invalid, notFound } from '../problem.ts';
import type { Exchange, Reply } from '../router.ts';
import { mergePatch } from './merge-patch.ts';

/** "Someone in the web console": writes at once, as a person, without key, limits or media types. */
export const consoleModule: SandboxModule = (core) => {
  core.control({
    method: 'POST',
    path: '/console',
    handle: (_params, body) => {
      const reader = new BodyReader(body);
      const actor = reader.object('actor', true)?.text('userName', { required: true }) ?? '';
      const method = reader.text('method', { required: true });
      const path = reader.text('path', { required: true }) ?? '';
      reader.finish();
      if (method !== 'POST' && method !== 'PUT' && method !== 'DELETE') {
        throw invalid('method', 'must be one of POST, PUT, DELETE');
      }
      const reply = act(core, actor, method, path, body.body);
      return isJsonObject(reply.body) ? reply.body : {};
    },
  });
  core.control({
    method: 'POST',
    path: '/console/patch',
    handle: (_params, body) => {
      const reader = new BodyReader(body);
      const actor = reader.object('actor', true)?.text('userName', { required: true }) ?? '';
      const path = reader.text('path', { required: true }) ?? '';
      const merge = reader.object('merge', true)?.body ?? {};
      const keepTime = reader.boolean('keepLastUpdatedTime') ?? false;
      reader.finish();
      const current = act(core, actor, 'GET', path, undefined).body;
      if (current === undefined) throw notFound(`Nothing at ${path}`);
      const user = keepTime ? core.system.users.get(path.split('/').at(-1) ?? '') : undefined;
      act(core, actor, 'PUT', path, mergePatch(current, merge));
      const changed = user && core.system.users.get(user.id);
      if (changed && user) core.system.users.put({ ...changed, lastUpdatedTime: user.lastUpdatedTime });
      const after = act(core, actor, 'GET', path, undefined).body;
      return isJsonObject(after) ? after : {};
    },
  });
};

function act(
  core: SandboxCore,
  actor: string,
  method: Exchange['method'],
  path: string,
  body: Json | undefined,
): Reply {
  const match = core.router.find(method, path);
  if (match === undefined || match === 'method') throw notFound(`No route ${method} ${path}`);
  const exchange: Exchange = {
    method,
    path,
    origin: '',
    params: match.params,
    query: new URLSearchParams(),
    body,
    bytes: new Uint8Array(),
    contentType: match.route.mediaTypes.response[0],
    actor: { name: actor, via: 'console' },
    failOperation: null,
  };
  return core.store.transaction(() => match.route.handle(exchange));
}
