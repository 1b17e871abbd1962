import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/foundation/json.ts';
import { kinds } from '../../src/resources/kinds.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { GitopsTools } from './support/gitops-tools.ts';
import { extension, grant, port, portSecret, portSecretName, profile } from './support/resources.ts';
import { apiVersion, member, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const work = new Workplace({ prefix: 'gitops', company, startOperator: false });
let tools: GitopsTools;

/** Health for Argo CD, and status for Flux. */
async function judged(resource: string | JsonObject): Promise<readonly [string, string]> {
  const object = typeof resource === 'string' ? await work.get(resource) : resource;
  return [(await tools.argocd(object)).status, (await tools.flux(object)).status];
}

describe('what Argo CD and Flux make of real statuses', () => {
  beforeAll(async () => {
    tools = await GitopsTools.build(work.cluster.folder);
    await work.apply(profile('jane', { site, jobTitle: 'Clerk' }), extension('jane', '7101'));
  }, 300_000);

  it('waits before the operator has looked', async () => {
    expect((await judged('userprofile/jane'))[0]).toBe('Progressing');
  });

  it('takes each kind for healthy once it is Ready', async () => {
    await work.secret(portSecretName, portSecret);
    await work.startOperator();
    await work.apply(
      grant('jane', { sections: [{ name: 'Billing', privileges: ['ViewBills'] }] }),
      port('jane', { numbers: [{ number: '+14085550177' }] }),
    );
    await work.waitFor(
      'Ready',
      'userprofile/jane',
      'extension/jane',
      'privilegegrant/jane',
      'portingorder/jane',
    );
    await work.waitFor('Ready', 'phonesystem/default');
    await work.comesToRest();
    const seen = new Map<string, readonly string[]>();
    for (const object of await work.all()) seen.set(String(object.kind), await judged(object));
    const expected = kinds.filter((kind) => seen.has(kind) || kind !== 'DriftReport');
    expect(Object.fromEntries(seen)).toEqual(
      Object.fromEntries(expected.map((kind) => [kind, ['Healthy', 'Current']])),
    );
  });

  it('tells the reason of what a person must mend', async () => {
    await work.apply(profile('joan', { site: { name: 'Atlantis' } }));
    await work.becomes('userprofile/joan', 'ReferenceNotFound');
    const joan = await work.get('userprofile/joan');
    expect(await judged(joan)).toEqual(['Degraded', 'Failed']);
    expect((await tools.argocd(joan)).message).toMatch(/^ReferenceNotFound: .*Atlantis/);
  });

  it('takes what is paused for suspended, and an edit that was not seen for progressing', async () => {
    await work.kubectl('annotate', 'userprofile/jane', 'dialops.dev/paused=true');
    await work.waitFor('Paused', 'userprofile/jane');
    expect((await judged('userprofile/jane'))[0]).toBe('Suspended');
    await work.kubectl('annotate', 'userprofile/jane', 'dialops.dev/paused-');
    await work.becomes('userprofile/jane', 'Synced');
    const jane = await work.get('userprofile/jane');
    const edited = { ...jane, metadata: { ...member(jane, 'metadata'), generation: 99 } };
    expect(await judged(edited)).toEqual(['Progressing', 'InProgress']);
  });
});

describe('kubectl, as GitOps tools use it', () => {
  async function file(name: string, object: JsonObject): Promise<string> {
    const path = join(work.cluster.folder, `${work.namespace}-${name}.json`);
    await writeFile(path, JSON.stringify(object));
    return path;
  }

  /** Server-side apply of what one team declares of jane. */
  async function declare(team: string, spec: JsonObject) {
    const path = await file(team, { apiVersion, kind: 'UserProfile', metadata: { name: 'jane' }, spec });
    return work.cluster.kubectl([
      'apply',
      '--server-side',
      '--field-manager',
      team,
      '-n',
      work.namespace,
      '-f',
      path,
    ]);
  }

  const mandatory = { firstName: 'Jane', lastName: 'Example', email: 'jane@example.com', site };

  it('lets several teams declare fields of one person, and takes back only its own', async () => {
    await work.kubectl('delete', 'userprofile/jane', 'extension/jane', 'privilegegrant/jane', '--wait=false');
    await work.isGone('userprofile/jane');
    expect(await declare('hr', { ...mandatory, jobTitle: 'Clerk' })).toMatchObject({ exitCode: 0 });
    expect(await declare('it', { timezone: 'America/Los_Angeles' })).toMatchObject({ exitCode: 0 });
    const spec = () => work.get('userprofile/jane').then((object) => member(object, 'spec'));
    expect(await spec()).toMatchObject({ jobTitle: 'Clerk', timezone: 'America/Los_Angeles' });
    expect(await declare('it', { jobTitle: 'Hacker' })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('conflict with "hr"'),
    });
    expect(await declare('hr', mandatory)).toMatchObject({ exitCode: 0 });
    const left = await spec();
    expect(left).toMatchObject({ timezone: 'America/Los_Angeles' });
    expect(left).not.toHaveProperty('jobTitle');
  });

  it('shows no difference where there is none, whatever the operator wrote', async () => {
    const path = await file('line', extension('line', '7102', { callWaiting: true }));
    await work.kubectl('apply', '-f', path);
    await work.becomes('extension/line', 'ReferenceNotFound');
    const diff = (name: string) => work.cluster.kubectl(['diff', '-n', work.namespace, '-f', name]);
    expect(await diff(path)).toMatchObject({ exitCode: 0, stdout: '' });
    const edited = await file('edited', extension('line', '7102', { callWaiting: false }));
    expect(await diff(edited)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('callWaiting: false'),
    });
  });
});
