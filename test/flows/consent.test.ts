import { describe, expect, it } from 'vitest';
import { extension } from '../../src/account/testing/resources.ts';
import { isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import { Flow } from './support/account.ts';
import { company, profile } from './support/resources.ts';

describe.each([
  ['complete', false],
  ['sparse', true],
])('with %s list rows', (_rows, sparseRows) => {
  it('puts no licence back under a consent that was used before', async () => {
    const plain = extension('jane', '7107', { license: { name: 'X4' } });
    const agreeing = extension('jane', '7107', {
      license: { name: 'X4' },
      consent: [{ change: 'ChangeLicense', to: 'X4' }],
    });
    const run = new Flow({
      sandbox: { sparseRows },
      resources: [profile('jane'), extension('jane', '7107', { license: { name: 'X2' } })],
      company,
    });
    await run.apply();
    const user = async () => (await run.object('user', run.externalId(profile('jane')))) ?? {};
    const licences = async () => JSON.stringify((await user()).serviceInfo).match(/"X\d"/g);
    const reason = () => run.reasons()['Extension/acme/jane'];
    await run.apply([profile('jane'), agreeing]);
    expect([reason(), await licences()]).toEqual(['Synced', ['"X4"']]);
    await swapByHand(run, await user(), 'X2');
    await run.resync();
    expect(await licences()).toEqual(['"X2"']);
    expect(reason()).toMatch(/^ConsentRequired: .*take it out of spec.consent/);
    await run.apply([profile('jane'), plain]);
    expect(reason()).toMatch(/^ConsentRequired: .*agree with spec.consent/);
    await run.apply([profile('jane'), agreeing]);
    expect([reason(), await licences()]).toEqual(['Synced', ['"X4"']]);
  });

  /** In two steps, as the phone system wants it. */
  async function swapByHand(run: Flow, user: JsonObject, license: string): Promise<void> {
    const service = isJsonObject(user.serviceInfo) ? user.serviceInfo : {};
    const extensions = Array.isArray(service.extensions) ? service.extensions.filter(isJsonObject) : [];
    const id = isJsonObject(user.basicInfo) ? user.basicInfo.userId : undefined;
    const put = async (licenses: readonly JsonObject[], licenseId: string | null) => {
      const body = {
        ...user,
        serviceInfo: {
          ...service,
          licenses,
          extensions: extensions.map((each) => ({ ...each, licenseId })),
        },
      };
      await run.inConsole('PUT', `/users/${String(id)}`, body);
      await run.clock.sleep(10_000);
    };
    await put([], null);
    await put([{ name: license }], null);
    const held = (await run.object('user', String(id)))?.serviceInfo;
    const [first] = isJsonObject(held) && Array.isArray(held.licenses) ? held.licenses : [];
    await put([first ?? {}], isJsonObject(first) ? String(first.id) : null);
  }
});
