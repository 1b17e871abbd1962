import { toPutBody } from '../../../src/phonesystem/put-body.ts';
import { addressBody, ringGroupBody, siteBody, textAt, userBody } from './bodies.ts';
import { harmlessCalls, readAll } from './calls.ts';
import { refused, refusedOrNot, type Session } from './session.ts';

/** Refusals that requests earn by themselves. */
export async function refusals(session: Session): Promise<void> {
  await refusedQueries(session);
  await refusedBodies(session);
  await refusedIds(session);
  await concurrentChange(session);
  await refusedKeys(session);
  await exceededLimits(session);
}

/** 400 by the query. */
async function refusedQueries(session: Session): Promise<void> {
  const { client, options } = session;
  await refused(400, readAll(client, 'user', { ...options, filter: 'basicInfo.status=!ACTIVE' }));
  await refused(400, readAll(client, 'ringGroup', { ...options, sort: 'colour' }));
  await refused(400, readAll(client, 'site', { ...options, filter: 'id==x' }));
  await refused(400, readAll(client, 'address', { ...options, filter: 'colour==red' }));
  await refused(400, readAll(client, 'phoneNumber', { ...options, sort: 'country,category' }));
}

/** 400 and 404 by what a body names. */
async function refusedBodies(session: Session): Promise<void> {
  const { client, options } = session;
  const user = await first(session, 'user');
  const group = await first(session, 'ringGroup');
  const site = await first(session, 'site');
  const siteId = textAt(site, 'id');
  const userId = textAt(user, 'basicInfo', 'userId');
  const groupId = textAt(group, 'id');
  const { site: _site, ...groupWithoutSite } = ringGroupBody(siteId);
  await refused(400, client.create('user', userBody('nobody@example.com', 'no-such-site'), options));
  const moved = userBody(textAt(user, 'basicInfo', 'userName'), 'no-such-site');
  await refused(400, client.replace('user', userId, moved, options));
  await refused(400, client.create('ringGroup', groupWithoutSite, options));
  await refused(400, client.replace('ringGroup', groupId, groupWithoutSite, options));
  await refused(404, client.create('ringGroup', ringGroupBody('no-such-site'), options));
  await refused(400, client.act('ringGroup', groupId, 'update-members', {}, options));
  await refused(400, client.create('site', siteBody('no-such-address'), options));
  const elsewhere = { ...toPutBody('site', site), address: { id: 'no-such-address' } };
  await refused(400, client.replace('site', siteId, elsewhere, options));
  await refused(400, client.remove('site', siteId, options));
  await refused(400, client.create('address', { ...addressBody, city: 'Nowhere' }, options));
  await refused(400, client.remove('address', textAt(site, 'address', 'id'), options));
}

/** 404 by an id that nothing has, 400 by one that nothing can have. */
async function refusedIds(session: Session): Promise<void> {
  const { client, options } = session;
  for (const call of Object.values(harmlessCalls)) await refusedOrNot(call.send(client, options));
  await client.get('site', 'no.such.id', options);
  await client.get('phoneNumber', '14085550100', options);
}

/** 409: members are changed while a change of the same group is under way. */
async function concurrentChange(session: Session): Promise<void> {
  const { client, options } = session;
  const group = await first(session, 'ringGroup');
  const id = textAt(group, 'id');
  const body = { update: [{ extensionId: textAt(group, 'members', 0, 'extensionId'), loggedIn: true }] };
  // Long enough for the second request to fall into the first one's operation on any machine.
  await session.control('POST', '/settings', { latencyMs: { min: 100_000, max: 100_000 } });
  const started = await client.act('ringGroup', id, 'update-members', body, options);
  await refused(409, client.act('ringGroup', id, 'update-members', body, options));
  await session.control('POST', '/settings', { latencyMs: { min: 2_000, max: 5_000 } });
  if (started.kind === 'operation') await session.finished(started.operationId);
}

/** 403 for a key without scopes, 401 for one that is not known. */
async function refusedKeys(session: Session): Promise<void> {
  const scopeless = session.clientWith('scopeless');
  for (const call of Object.values(harmlessCalls)) {
    await refused(403, call.send(scopeless, session.options));
  }
  await refused(401, readAll(session.clientWith('revoked'), 'user', session.options));
}

/** 429 for a client that sends more than the burst allows; it waits and gets through. */
async function exceededLimits(session: Session): Promise<void> {
  const greedy = session.clientWith('greedy');
  const { options } = session;
  const declaring = [
    ...['createUser', 'updateUser', 'createSite', 'listSites', 'getSite', 'updateSite', 'deleteSite'],
    ...['listPhoneNumbers', 'getPhoneNumber', 'getOperation'],
  ];
  await session.control('POST', '/settings', { unlimited: false });
  await Promise.all(Array.from({ length: 20 }, () => greedy.get('phoneNumber', '+14085550100', options)));
  await Promise.all(
    declaring.map(async (id) => {
      const call = harmlessCalls[id];
      if (call) await refusedOrNot(call.send(greedy, options));
    }),
  );
  await session.control('POST', '/settings', { unlimited: true });
}

async function first(session: Session, type: 'user' | 'ringGroup' | 'site') {
  const { client, options } = session;
  for await (const page of client.list(type, { ...options, pageSize: 1, maxPages: 1 })) {
    const [row] = page.objects;
    if (row) return row;
  }
  throw new Error(`the sandbox has no ${type}`);
}
