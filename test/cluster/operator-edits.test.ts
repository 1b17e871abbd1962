import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/foundation/json.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { basicInfo, extensionsOf, userId } from './support/phone-system.ts';
import { extension, profile } from './support/resources.ts';
import { member, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = company.sites[0]?.name ?? '';
const work = new Workplace({ prefix: 'edits', company });

const jane = () => work.phones.user('jane@example.com');
const directory = async () => member(await jane(), 'directoryInfo');

describe('an edit with kubectl', () => {
  beforeAll(async () => {
    await work.apply(
      profile('jane', { site: { name: site }, jobTitle: 'Clerk', department: 'Sales' }),
      extension('jane', '7101', { callWaiting: true }),
    );
    await work.waitFor('Ready', 'userprofile/jane', 'extension/jane');
    await work.comesToRest();
  });

  it('reaches the phone system, in one write for all that changed', async () => {
    await work.phones.control('/stats', undefined, 'DELETE');
    await work.patch('userprofile/jane', { spec: { jobTitle: 'Head Clerk', department: 'Office' } });
    await eventually('the new title', async () => {
      expect(await directory()).toMatchObject({ jobTitle: 'Head Clerk', department: 'Office' });
    });
    await work.becomes('userprofile/jane', 'Synced');
    expect((await work.phones.stats()).requests['PUT /users/{userId}']).toBe(1);
    await work.tells('userprofile/jane', /^Updated: .*directoryInfo\.jobTitle/);
  });

  it('leaves everything alone that no YAML declares, unknown or not', async () => {
    const before = await jane();
    await work.phones.console('owner@example.com', `/users/${userId(before)}`, {
      basicInfo: { locale: 'fr-FR' },
    });
    await work.patch('extension/jane', { spec: { callWaiting: false } });
    await eventually('the extension to change', async () => {
      expect(extensionsOf(await jane())[0]).toMatchObject({ callWaitingEnabled: false });
    });
    expect(basicInfo(await jane()).locale).toBe('fr-FR');
    await work.rounds();
    expect(basicInfo(await jane()).locale).toBe('fr-FR');
  });

  it('releases a field that is taken out: its value stays, and is nobody’s business any more', async () => {
    await work.kubectl(
      'patch',
      'userprofile/jane',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/spec/department"}]',
    );
    await eventually('the field to be released', async () => {
      const applied = member(member(await work.status('userprofile/jane'), 'memory'), 'applied');
      expect(applied).not.toHaveProperty('department');
    });
    expect((await directory()).department).toBe('Office');
    await work.phones.console('owner@example.com', `/users/${userId(await jane())}`, {
      directoryInfo: { department: 'Elsewhere' },
    });
    await work.rounds();
    expect((await directory()).department).toBe('Elsewhere');
    expect(await work.condition('userprofile/jane', 'Drifted')).toBeUndefined();
  });

  it('overtakes what waits: fifty new people do not hold up one correction', async () => {
    await work.phones.control('/settings', { latencyMs: { min: 400, max: 500 } });
    const crowd: JsonObject[] = Array.from({ length: 50 }, (_, index) =>
      profile(`crowd-${index}`, { site: { name: site } }),
    );
    await work.apply(...crowd);
    await eventually('the crowd to begin', async () => {
      expect((await work.phones.list('users')).length).toBeGreaterThan(6);
    });
    await work.patch('userprofile/jane', { spec: { jobTitle: 'Director' } });
    await eventually('the correction', async () => expect((await directory()).jobTitle).toBe('Director'));
    expect((await work.phones.list('users')).length).toBeLessThan(50);
    await work.phones.control('/settings', { latencyMs: { min: 50, max: 150 } });
    await work.waitFor('Ready', 'userprofiles', '--all');
  });

  it('can not move a resource to another PhoneSystem', async () => {
    const { exitCode, stderr } = await work.cluster.kubectl([
      ...['patch', 'userprofile/jane', '-n', work.namespace, '--type=merge'],
      ...['-p', JSON.stringify({ spec: { phoneSystem: 'other' } })],
    ]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('phoneSystem');
  });

  it('on a resource made anew under an old name inherits nothing from its namesake', async () => {
    await work.apply(profile('temp', { site: { name: site }, deletionPolicy: 'Orphan' }));
    await work.becomes('userprofile/temp', 'Synced');
    await work.kubectl('delete', 'userprofile/temp');
    await work.apply(profile('temp', { site: { name: site } }));
    expect(await work.becomes('userprofile/temp', 'Conflict')).toContain('IfUnclaimed');
    await work.kubectl('delete', 'userprofile/temp');
    await work.isGone('userprofile/temp');
    expect(basicInfo(await work.phones.user('temp@example.com')).status).toBe('ACTIVE');
  });
});
