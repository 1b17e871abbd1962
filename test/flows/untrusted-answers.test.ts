import { describe, expect, it, vi } from 'vitest';
import { deleting, extension, grant } from '../../src/account/testing/resources.ts';
import type { HttpRequest, HttpResponse } from '../../src/foundation/http.ts';
import { isJsonArray, isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import { Flow, type FlowOptions } from './support/account.ts';
import { company, pbxName, port, portSecrets, profile, sharedExtension } from './support/resources.ts';

const billing = [{ name: 'Billing', privileges: ['ViewBills'] }];

function isList(request: HttpRequest, path: string): boolean {
  return request.method === 'GET' && new URL(request.url).pathname.endsWith(path);
}

/** The answer without its rows, with 200 all the same. */
function emptied(answer: HttpResponse): HttpResponse {
  const body: unknown = JSON.parse(answer.body);
  return isJsonObject(body) ? { ...answer, body: JSON.stringify({ ...body, data: [] }) } : answer;
}

function sectionsOf(administrator: JsonObject | undefined): unknown {
  const scopes = administrator?.scopes;
  return isJsonArray(scopes) ? scopes : [];
}

describe.each([
  ['complete', false],
  ['sparse', true],
])('with %s list rows', (_rows, sparseRows) => {
  const flow = (options: FlowOptions) => new Flow({ company, sandbox: { sparseRows }, ...options });

  it('revokes a deleted grant although the list of administrators was empty for a while', async () => {
    const given = grant('jane', { pbxes: [pbxName], sections: billing });
    const run = flow({ resources: [profile('jane'), given] });
    await run.apply();
    const id = run.externalId(given);
    run.tamper((request, answer) => (isList(request, '/administrators') ? emptied(answer) : undefined));
    run.resources = [profile('jane'), deleting(given)];
    await run.resync();
    run.tamper(undefined);
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(/^Deleted/);
    expect(sectionsOf(await run.object('administrator', id))).toEqual([]);
  });

  it('does not take a deleted grant for revoked while administrators cannot be read', async () => {
    const given = grant('jane', { pbxes: [pbxName], sections: billing });
    const run = flow({ resources: [profile('jane'), given] });
    await run.apply();
    await run.restart();
    run.tamper((request) =>
      isList(request, '/administrators') ? { status: 403, headers: {}, body: '{}' } : undefined,
    );
    await run.apply([profile('jane'), deleting(given)]);
    run.tamper(undefined);
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(/^NotRead/);
  });

  it('does not take a deleted extension for gone while users cannot be read', async () => {
    const phone = sharedExtension('lobby', '7200', { deletionPolicy: 'Delete' });
    const run = flow({ resources: [phone] });
    await run.apply();
    await run.restart();
    run.tamper((request) =>
      /\/(users|extensions)$/.test(new URL(request.url).pathname)
        ? { status: 403, headers: {}, body: '{}' }
        : undefined,
    );
    await run.apply([deleting(phone)]);
    run.tamper(undefined);
    expect(run.reasons()['Extension/acme/lobby']).toMatch(/^NotRead/);
  });

  it('copies all privileges of an administrator whose row does not show them', async () => {
    const run = flow({
      resources: [profile('jane'), grant('jane', { pbxes: [pbxName], sections: billing })],
    });
    await run.apply();
    await run.restart();
    run.tamper((request, answer) => {
      if (!isList(request, '/administrators')) return undefined;
      return { ...answer, body: answer.body.replaceAll('"scopes":', '"other":') };
    });
    await run.apply([
      profile('jane'),
      profile('joan'),
      grant('joan', { copyFrom: { administrator: { userName: 'jane@example.com' } } }),
    ]);
    run.tamper(undefined);
    const [from, to] = [run.externalId(profile('jane')), run.externalId(profile('joan'))];
    expect(sectionsOf(await run.object('administrator', from))).toHaveLength(1);
    expect(sectionsOf(await run.object('administrator', to))).toEqual(
      sectionsOf(await run.object('administrator', from)),
    );
  });

  it('gives no access whose end nobody can tell', async () => {
    // The API server's date-time format takes this offset; no clock reaches it.
    const given = grant('jane', { sections: billing, expiresAt: '2030-01-01T00:00:00+99:99' });
    const run = flow({ resources: [profile('jane'), given] });
    await run.apply();
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(/^InvalidField/);
    expect(await run.object('administrator', run.externalId(profile('jane')))).toBeUndefined();
  });

  it('keeps the privileges that somebody was given by hand since the list was read', async () => {
    const joan = [profile('joan'), grant('joan', { pbxes: [pbxName], sections: billing })];
    const run = flow({ resources: [profile('jane'), ...joan] });
    await run.apply();
    await run.resync();
    const id = run.externalId(profile('jane')) ?? '';
    const byHand = [{ pbxName, sections: [{ name: 'Billing', privileges: ['UpdateCards'] }] }];
    await run.inConsole('PUT', `/administrators/${id}`, { scopes: byHand });
    await run.clock.sleep(10_000);
    await run.apply([profile('jane'), grant('jane', { pbxes: [pbxName], sections: billing }), ...joan]);
    expect(sectionsOf(await run.object('administrator', id))).toEqual(byHand);
    expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(/^ConsentRequired/);
  });

  it('gives one extension to one resource, whatever external ids are declared', async () => {
    const run = flow({ resources: [sharedExtension('lobby', '7200')] });
    await run.apply();
    const claimed = sharedExtension('annex', '7201', { callerId: { externalName: 'Annex' } });
    const id = run.externalId(sharedExtension('lobby', '7200')) ?? '';
    const thief = {
      ...claimed,
      metadata: { ...claimed.metadata, annotations: { 'dialops.dev/external-id': id } },
    };
    const before = run.writes();
    await run.apply([sharedExtension('lobby', '7200'), thief]);
    expect(run.writes()).toBe(before);
    expect(run.reasons()['Extension/acme/annex']).toMatch(/^Conflict/);
  });

  it('makes one port of two orders with the same reference', async () => {
    const run = flow({
      resources: [
        port('first', { reference: 'A-1' }),
        port('second', { reference: 'A-1', numbers: [{ number: '+14085550178' }] }),
      ],
      secrets: portSecrets,
    });
    await run.apply();
    expect(await run.objects('portingOrder')).toHaveLength(1);
    expect(run.reasons()['PortingOrder/acme/second']).toMatch(/^Conflict/);
  });

  it('writes one user at a time, also for two extensions that leave it', async () => {
    const first = extension('jane', '7200', { deletionPolicy: 'Delete' });
    const second = { ...extension('jane', '7201', { deletionPolicy: 'Delete' }) };
    const other = { ...second, metadata: { ...second.metadata, name: 'jane-too' } };
    const person = profile('jane', { deletionPolicy: 'Orphan' });
    const run = flow({ resources: [person, first, other] });
    await run.apply();
    const id = run.externalId(person);
    const before = run.writes();
    await run.apply([deleting(person), deleting(first), deleting(other)]);
    expect((await run.object('user', id))?.serviceInfo).toMatchObject({ extensions: [] });
    expect(run.writes() - before).toBeLessThanOrEqual(2);
  });

  const pin = '4711-XYZ';

  function portWithPin(spec: Parameters<typeof port>[1] = {}): ReturnType<typeof port> {
    return port('first', {
      losingCarrier: {
        name: 'Example Telecom',
        accountNumberSecretRef: { name: 'port', key: 'account' },
        pinSecretRef: { name: 'port', key: 'pin' },
        billingTelephoneNumber: '+14085550177',
      },
      ...spec,
    });
  }

  function refusing(run: Flow, path: RegExp) {
    run.tamper((request) =>
      request.method === 'POST' && path.test(request.url)
        ? {
            status: 400,
            headers: {},
            body: JSON.stringify({
              errors: [{ code: 'VALIDATION_ERROR', field: 'pin', message: `PIN ${pin} is wrong` }],
            }),
          }
        : undefined,
    );
  }

  it.each([
    ['to a create', /\/porting-orders$/, false],
    ['to a submission, which has none', /\/submit$/, true],
  ])('repeats no secret that the phone system repeats in its answer %s', async (_name, path, submit) => {
    const run = flow({
      resources: [portWithPin({ submit })],
      secrets: { ...portSecrets, 'port/pin': pin },
    });
    refusing(run, path);
    await run.apply();
    expect(run.failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('PIN ‹secret› is wrong'),
    ]);
    expect(JSON.stringify(run.failures)).not.toContain(pin);
  });

  it('repeats no secret that it wrote before a restart', async () => {
    const stop: { when: boolean } = { when: true };
    const run = flow({
      resources: [portWithPin()],
      secrets: { ...portSecrets, 'port/pin': pin },
    });
    await run.control('/faults', {
      match: { method: 'POST', path: '/porting-orders$' },
      times: 1,
      failOperation: { code: 'VALIDATION_ERROR', field: 'pin', message: `PIN ${pin} is wrong` },
    });
    run.tamper((request) => {
      if (stop.when && request.url.includes('/operations/')) {
        stop.when = false;
        void run.loop.stop(new Error('crash'));
      }
      return undefined;
    });
    await expect(run.apply()).rejects.toThrow('crash');
    run.tamper(undefined);
    expect(run.failures).toEqual([]);
    await run.restart();
    await run.apply();
    expect(run.failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('refused it (VALIDATION_ERROR on pin); its words are left out'),
    ]);
    expect(await run.objects('portingOrder')).toHaveLength(1);
  });

  it('gives one user to one profile, whatever external ids are declared', async () => {
    const run = flow({ resources: [profile('jane')] });
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    const thief = profile('mallory', {}, { 'dialops.dev/external-id': id });
    const before = run.writes();
    await run.apply([profile('jane'), thief]);
    await run.resync();
    await run.restart();
    await run.apply();
    expect(run.writes()).toBe(before);
    expect(run.externalId(thief)).toBeUndefined();
    expect(run.reasons()).toMatchObject({
      'UserProfile/acme/jane': 'Synced',
      'UserProfile/acme/mallory': expect.stringMatching(/^Conflict/),
    });
  });

  it('leaves a user alone when a profile that only claimed it is deleted', async () => {
    const run = flow({ resources: [profile('jane')] });
    await run.apply();
    const id = run.externalId(profile('jane')) ?? '';
    const thief = profile('aaron', {}, { 'dialops.dev/external-id': id });
    await run.apply([profile('jane'), thief]);
    const before = run.writes();
    await run.apply([profile('jane'), deleting(thief)]);
    expect(run.writes()).toBe(before);
    expect(run.reasons()['UserProfile/acme/jane']).toBe('Synced');
  });

  it('revokes a deleted grant although the profile that it was for went before it', async () => {
    const given = grant('jane', { pbxes: [pbxName], sections: billing });
    const run = flow({ resources: [profile('jane'), given] });
    await run.apply();
    const id = run.externalId(given);
    await run.apply([given]);
    await run.apply([deleting(given)]);
    expect(sectionsOf(await run.object('administrator', id))).toEqual([]);
  });

  it('lets nobody copy privileges from themselves, which would keep them for ever', async () => {
    const run = flow({ resources: [profile('jane')] });
    const temporary = grant('jane', {
      pbxes: [pbxName],
      sections: billing,
      expiresAt: new Date(run.clock.now() + 3_600_000).toISOString(),
    });
    const copy = grant('jane', { copyFrom: { administrator: { userName: 'jane@example.com' } } });
    const keep = { ...copy, metadata: { ...copy.metadata, name: 'keep' } };
    await run.apply([profile('jane'), temporary]);
    const id = run.externalId(temporary);
    await run.apply([profile('jane'), temporary, keep]);
    await run.clock.sleep(3_700_000);
    await run.apply();
    expect(run.reasons()['PrivilegeGrant/acme/keep']).toMatch(/^ReferenceCycle/);
    expect(sectionsOf(await run.object('administrator', id))).toEqual([]);
  });

  it.each(['is deleted', 'ends'])(
    'revokes a grant that %s under driftPolicy Report, although somebody gives it anew by hand while that is confirmed',
    async (how) => {
      const run = flow({
        resources: [profile('jane')],
        driftPolicy: 'Report',
      });
      const expiresAt = new Date(run.clock.now() + 3_600_000).toISOString();
      const given = grant('jane', {
        pbxes: [pbxName],
        sections: billing,
        ...(how === 'ends' ? { expiresAt } : {}),
      });
      await run.apply([profile('jane'), given]);
      const id = run.externalId(given) ?? '';
      let isGivenAgain = false;
      const handle = run.sandbox.handle.bind(run.sandbox);
      const before = run.writes();
      vi.spyOn(run.sandbox, 'handle').mockImplementation(async (request) => {
        const asksAfterwards = run.writes() > before && request.url.includes('/administrators');
        const isRead = request.method === 'GET';
        if (isRead && asksAfterwards && !isGivenAgain) {
          isGivenAgain = true;
          await run.inConsole('PUT', `/administrators/${id}`, { scopes: [{ pbxName, sections: billing }] });
        }
        return handle(request);
      });
      if (how === 'ends') await run.clock.sleep(3_700_000);
      await run.apply([profile('jane'), how === 'ends' ? given : deleting(given)]);
      await run.resync();
      expect(isGivenAgain).toBe(true);
      expect(run.reasons()['PrivilegeGrant/acme/jane']).toMatch(how === 'ends' ? /^Synced/ : /^Deleted/);
      expect(sectionsOf(await run.object('administrator', id))).toEqual([]);
    },
  );

  it('finds what rows hide of one object although another can not be read at all', async () => {
    const work = { work: { fax: true } };
    const desk = sharedExtension('desk', '7200', work);
    const lobby = sharedExtension('lobby', '7201', work);
    const run = flow({ resources: [desk, lobby], hasBroken: true });
    await run.apply();
    await run.control('/faults', {
      match: { method: 'GET', path: `^/extension-settings/${run.externalId(lobby)}` },
      times: 9_999,
      respond: { status: 500, code: 'UNKNOWN' },
    });
    const stopping = new AbortController();
    const running = run.loop.run(stopping.signal);
    run.loop.resync();
    await run.clock.sleep(120_000);
    const settings = `/extension-settings/${run.externalId(desk)}`;
    const byHand = { extensionId: run.externalId(desk) ?? '', workSettings: { faxEnabled: false } };
    await run.inConsole('PUT', settings, byHand);
    await run.clock.sleep(10 * 60_000);
    stopping.abort();
    await running;
    const now = await run.object('extensionSettings', run.externalId(desk));
    expect(now?.workSettings).toMatchObject({ faxEnabled: true });
    // Only rows that hide something are looked behind.
    const broken = `extensionSettings/${run.externalId(lobby)}`;
    expect([...run.unread]).toEqual(sparseRows ? [broken] : []);
  });
});
