import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/foundation/json.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { extension, grant, port, portSecret, portSecretName, profile } from './support/resources.ts';
import { member, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = company.sites[0]?.name ?? '';
const work = new Workplace({ prefix: 'faults', company });
const patient = { timeoutMs: 90_000 };

const person = (name: string, spec: JsonObject = {}) => profile(name, { site: { name: site }, ...spec });
/** A person of another PhoneSystem. */
const stranger = (name: string, phoneSystem: string) => person(name, { phoneSystem });

async function stalled(resource: string, reason: string): Promise<string> {
  const message = await work.becomes(resource, reason, patient);
  expect(await work.condition(resource, 'Stalled')).toMatchObject({ status: 'True', reason });
  return message;
}

async function describeOf(resource: string): Promise<string> {
  return work.kubectl('describe', resource);
}

describe('what is wrong with a PhoneSystem', () => {
  it('a Secret that is missing is named, and taken up as soon as it is there', async () => {
    const apiKeySecretRef = { name: 'late', key: 'api-key' };
    await work.apply(
      work.phoneSystem('late', { apiKeySecretRef, customerId: 'another' }),
      stranger('late-one', 'late'),
    );
    expect(await stalled('phonesystem/late', 'SecretNotFound')).toContain('Secret late does not exist');
    expect(await work.becomes('userprofile/late-one', 'PhoneSystemNotReady')).toContain('SecretNotFound');
    await work.secret('late', { 'api-key': work.phones.apiKey });
    await work.becomes('phonesystem/late', 'CustomerMismatch', patient);
  });

  it('a key of another customer is not used: nothing is written, and the ids are named', async () => {
    const message = await stalled('phonesystem/late', 'CustomerMismatch');
    expect(message).toContain('0012J00000ACME0001');
    expect(message).toContain('another');
    expect(await work.becomes('userprofile/late-one', 'PhoneSystemNotReady')).toContain('CustomerMismatch');
    await work.kubectl('delete', 'userprofile/late-one', 'phonesystem/late');
  });

  it('a key that is refused is told, and the rotated one is used', async () => {
    await work.secret('phone-system-key', { 'api-key': 'no-such-key' });
    await work.annotate('phonesystem/default', 'dialops.dev/reconcile-requested-at', '1');
    expect(await stalled('phonesystem/default', 'Unauthorized')).toContain('spec.apiKeySecretRef');
    await work.secret('phone-system-key', { 'api-key': work.phones.apiKey });
    await work.becomes('phonesystem/default', 'Synced', patient);
  });

  it('a host that is not allowed gets no key', async () => {
    await work.apply(work.phoneSystem('afar', { endpoint: 'https://phones.example.com/admin' }));
    expect(await stalled('phonesystem/afar', 'HostNotAllowed')).toContain('--allow-host phones.example.com');
    await work.kubectl('delete', 'phonesystem/afar');
  });

  it('an endpoint that can not be reached is tried again and again', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}/admin-provisioning`;
    await work.apply(work.phoneSystem('silent', { endpoint }), stranger('silent-one', 'silent'));
    expect(await work.becomes('phonesystem/silent', 'Unreachable', patient)).toContain('spec.endpoint');
    expect(await work.condition('phonesystem/silent', 'Reconciling')).toMatchObject({ status: 'True' });
    expect(await work.becomes('userprofile/silent-one', 'PhoneSystemNotReady')).toContain('Unreachable');
    await work.kubectl('delete', 'phonesystem/silent', 'userprofile/silent-one');
  });

  it('one that is missing is named by its resources, and taken up when it comes', async () => {
    await work.apply(stranger('waiting', 'nowhere'));
    expect(await work.becomes('userprofile/waiting', 'PhoneSystemNotReady')).toContain(
      'There is no PhoneSystem nowhere',
    );
    await work.kubectl('delete', 'userprofile/waiting');
    await work.isGone('userprofile/waiting');
  });

  it('two for one account are one too many: the older keeps it, the other takes over once it is gone', async () => {
    await work.apply(work.phoneSystem('second'), stranger('second-one', 'second'));
    expect(await stalled('phonesystem/second', 'AccountAlreadyManaged')).toContain('/default');
    expect(await work.becomes('userprofile/second-one', 'PhoneSystemNotReady')).toContain(
      'AccountAlreadyManaged',
    );
    await work.kubectl('delete', 'phonesystem/default');
    await work.becomes('userprofile/second-one', 'Synced', patient);
    await work.kubectl('delete', 'userprofile/second-one', 'phonesystem/second');
    await work.apply(work.phoneSystem('default'));
    await work.becomes('phonesystem/default', 'Synced');
  });
});

describe('what is wrong with a resource', () => {
  it('shows as a condition with reason and remedy, and holds nothing else up', async () => {
    await work.phones.control('/faults', {
      match: { method: 'POST', path: '/users$' },
      times: 1,
      respond: { status: 400, code: 'VALIDATION_ERROR', field: 'basicInfo.primaryEmail' },
    });
    await work.apply(person('unlucky', { email: 'unlucky@example.com' }));
    const refused = await stalled('userprofile/unlucky', 'RefusedByPhoneSystem');
    expect(refused).toContain('spec.email');
    await work.apply(
      person('lost', { site: { name: 'No Such Site' } }),
      person('twin-a', { userName: 'twin@example.com' }),
      person('twin-b', { userName: 'twin@example.com' }),
      person('accent', { firstName: 'Zoë' }),
      extension('nobody', '7901'),
      grant('boss', { sections: [{ name: 'Bilings', privileges: ['ViewBills'] }] }, 'good'),
      port('papers', { numbers: [{ number: '+14085550177' }] }),
      person('good'),
      extension('good', '7902'),
    );
    await work.waitFor('Ready', 'userprofile/good', 'extension/good');
    expect(await stalled('userprofile/lost', 'ReferenceNotFound')).toContain('No Such Site');
    expect(await stalled('userprofile/twin-a', 'Conflict')).toContain('twin-b');
    expect(await stalled('userprofile/twin-b', 'Conflict')).toContain('twin-a');
    expect(await stalled('userprofile/accent', 'InvalidField')).toContain('spec.firstName');
    expect(await stalled('extension/nobody', 'ReferenceNotFound')).toContain('UserProfile nobody');
    expect(await stalled('privilegegrant/boss', 'InvalidField')).toContain('did you mean "Billing"');
    expect(await stalled('portingorder/papers', 'SecretNotFound')).toContain(portSecretName);
  });

  it('is told by an Event, which kubectl describe shows', async () => {
    await work.tells('userprofile/good', /^Created: /);
    expect(await describeOf('userprofile/lost')).toMatch(/Warning\s+ReferenceNotFound/);
    expect(await describeOf('userprofile/unlucky')).toMatch(/Warning\s+RefusedByPhoneSystem/);
    expect(await describeOf('userprofile/good')).toMatch(/Normal\s+Created/);
  });

  it('is over once the mistake is corrected', async () => {
    await work.patch('userprofile/lost', { spec: { site: { name: site } } }).catch(() => undefined);
    await work.patch('userprofile/accent', { spec: { firstName: 'Zoe' } });
    await work.patch('userprofile/unlucky', { spec: { email: 'lucky@example.com' } });
    await work.patch('privilegegrant/boss', {
      spec: { sections: [{ name: 'Billing', privileges: ['ViewBills'] }] },
    });
    await work.secret(portSecretName, portSecret);
    for (const resource of ['userprofile/accent', 'userprofile/unlucky', 'privilegegrant/boss'])
      await work.becomes(resource, 'Synced', patient);
    await work.becomes('portingorder/papers', 'Draft', patient);
  });

  it('does not keep a resource from being deleted', async () => {
    const { stdout } = await work.cluster.kubectl([
      'get',
      'userprofiles',
      '-n',
      work.namespace,
      '-o',
      'name',
    ]);
    const twins = stdout.split('\n').filter((name) => name.includes('twin'));
    await work.kubectl('delete', 'extension/nobody', ...twins, '--timeout=60s');
    await work.kubectl('delete', 'userprofile/lost', '--timeout=60s');
  });

  it('a scope that the key lacks is named on the PhoneSystem', async () => {
    await work.phones.control('/faults', {
      match: { method: 'GET', path: '^/users$' },
      times: 1_000,
      respond: { status: 403, code: 'FORBIDDEN' },
    });
    await stalled('phonesystem/default', 'MissingScope');
    const { missingScopes } = await work.status('phonesystem/default');
    expect(missingScopes).toEqual(['UC & CC User Admin']);
    await work.phones.control('/faults', undefined, 'DELETE');
    await work.becomes('phonesystem/default', 'Synced', patient);
    expect(await work.status('phonesystem/default')).not.toHaveProperty('missingScopes');
  });

  it('leaves neither personal data nor secrets in the log, in Events or in metrics', async () => {
    const { text: metrics } = await work.operator.page('/metrics');
    const events = await work.kubectl('get', 'events.events.k8s.io', '-o', 'jsonpath={.items[*].note}');
    const secrets = [work.phones.apiKey, 'no-such-key', portSecret.account];
    for (const text of [work.operator.log.join('\n'), metrics, events]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/[\w.]+@example\.com/);
      expect(text).not.toMatch(/\+1408555\d{4}/);
      expect(text).not.toContain('Zoë');
    }
    const conditions = JSON.stringify(
      (await work.all()).map((object) => member(object, 'status').conditions ?? null),
    );
    for (const secret of secrets) expect(conditions).not.toContain(secret);
  });

  it('the operator survived all of it without restarting a worker', async () => {
    await eventually('nothing to be said', () => {
      expect(work.operator.log.filter((line) => line.includes('a worker ended'))).toEqual([]);
    });
  });
});
