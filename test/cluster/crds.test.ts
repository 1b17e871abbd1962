import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import { statusFitter } from '../../src/operator/status/fit-status.ts';
import { extremeStatus } from '../../src/operator/status/testing/extreme-status.ts';
import { accountKinds, type Kind } from '../../src/resources/kinds.ts';
import { kubectlOutput } from './kubectl.ts';
import { testCluster, useNamespace } from './test-cluster.ts';

const cluster = testCluster();
const namespace = useNamespace(cluster, 'crds');

const KINDS = ['PhoneSystem', 'UserProfile', 'Extension', 'PrivilegeGrant', 'PortingOrder', 'DriftReport'];

interface Manifest {
  readonly kind: string;
  readonly name: string;
  readonly spec: object;
  readonly status?: object;
}

function manifest({ kind, name, spec, status }: Manifest): string {
  const metadata = { name, namespace: namespace() };
  return JSON.stringify({
    apiVersion: 'dialops.dev/v1alpha1',
    kind,
    metadata,
    spec,
    ...(status && { status }),
  });
}

const apply = (resource: Manifest) =>
  cluster.kubectl(['apply', '--server-side', '-f', '-'], { input: manifest(resource) });

async function accepted(resource: Manifest): Promise<void> {
  expect(await apply(resource)).toMatchObject({ exitCode: 0, stderr: '' });
}

/** Asserts that the API server refuses the resource, and returns its words. */
async function refused(resource: Manifest): Promise<string> {
  const { exitCode, stderr } = await apply(resource);
  expect(exitCode, 'exit code of kubectl apply').toBe(1);
  return stderr;
}

const ada = {
  kind: 'UserProfile',
  name: 'ada',
  spec: { firstName: 'Ada', lastName: 'Example', email: 'ada@example.com', site: { name: 'San Jose' } },
};
const reception = {
  kind: 'Extension',
  name: 'reception',
  spec: { number: '1001', type: 'UC', site: { name: 'San Jose' } },
};
const grant = {
  kind: 'PrivilegeGrant',
  name: 'ada-billing',
  spec: {
    userProfileRef: { name: 'ada' },
    pbxes: ['*'],
    sections: [{ name: 'Billing', privileges: ['ViewBills'] }],
  },
};
const port = {
  kind: 'PortingOrder',
  name: 'main-line',
  spec: {
    portType: 'Full',
    numbers: [{ number: '+14085550123' }],
  },
};

const minimal: Readonly<Record<Kind, Manifest>> = {
  UserProfile: ada,
  Extension: reception,
  PrivilegeGrant: grant,
  PortingOrder: port,
  DriftReport: { kind: 'DriftReport', name: 'default', spec: {} },
  PhoneSystem: {
    kind: 'PhoneSystem',
    name: 'default',
    spec: { endpoint: 'https://phones.example.com', apiKeySecretRef: { name: 'key', key: 'api-key' } },
  },
};

describe('the custom resource definitions', () => {
  it('are all established, without a complaint about their schemas', async () => {
    const state = (type: string) => `{.status.conditions[?(@.type=="${type}")].status}`;
    const columns = [
      '{.spec.names.kind}',
      state('Established'),
      state('NamesAccepted'),
      state('NonStructuralSchema'),
    ];
    const range = `{range .items[?(@.spec.group=="dialops.dev")]}${columns.join(' ')}{"\\n"}{end}`;
    const output = await kubectlOutput(cluster.kubectl, ['get', 'crd', '-o', `jsonpath=${range}`]);
    const rows = output
      .trim()
      .split('\n')
      .map((row) => row.trim());
    expect(rows).toEqual(expect.arrayContaining(KINDS.map((kind) => `${kind} True True`)));
    expect(rows).toHaveLength(crdFiles().length);
  });

  it('all belong to the category "dialops"', async () => {
    const names = await kubectlOutput(cluster.kubectl, [
      'api-resources',
      '--categories=dialops',
      '--no-headers',
      '-o=name',
    ]);
    expect(names.trim().split('\n')).toHaveLength(crdFiles().length);
  });

  it.each(KINDS)('explain %s and its spec in prose', async (kind) => {
    const explained = await kubectlOutput(cluster.kubectl, ['explain', `${kind.toLowerCase()}.spec`]);
    expect(explained).toContain(`KIND:       ${kind}`);
    expect(explained).not.toContain('<no description>');
    expect(explained).toMatch(/DESCRIPTION:\n\s+\S+/);
  });
});

describe('a list of resources', () => {
  it('shows the site however it is declared', async () => {
    const { site: _site, ...rest } = ada.spec;
    await accepted({ ...ada, name: 'site-by-name' });
    await accepted({ ...ada, name: 'site-by-id', spec: { ...rest, site: { id: 'site-77' } } });
    const args = ['get', 'userprofile', 'site-by-name', 'site-by-id', '-n', namespace(), '-o', 'wide'];
    const rows = await kubectlOutput(cluster.kubectl, args);
    expect(rows).toMatch(/^site-by-name .*San Jose/m);
    expect(rows).toMatch(/^site-by-id .*site-77/m);
  });
});

describe('a resource', () => {
  it('with every mandatory field is accepted', async () => {
    for (const resource of [ada, reception, grant, port]) await accepted(resource);
  });

  it('without a mandatory field is refused, naming the field', async () => {
    const { email: _email, ...rest } = ada.spec;
    expect(await refused({ ...ada, name: 'no-email', spec: rest })).toContain('spec.email: Required value');
  });

  it('with an unknown field is refused, naming the field', async () => {
    const message = await refused({ ...ada, name: 'typo', spec: { ...ada.spec, frstName: 'Ada' } });
    expect(message).toContain('.spec.frstName: field not declared in schema');
  });

  it('with a value outside an enumeration is refused, naming the field and the choices', async () => {
    const message = await refused({ ...reception, name: 'odd', spec: { ...reception.spec, type: 'PBX' } });
    expect(message).toContain('spec.type: Unsupported value: "PBX"');
    expect(message).toContain('"UC", "CC"');
  });

  it.each([
    ['no choice', {}],
    ['a second choice', { name: 'San Jose', id: 'site-1' }],
  ])('with %s of several is refused, naming the field', async (_, site) => {
    const message = await refused({ ...ada, name: 'choice', spec: { ...ada.spec, site } });
    expect(message).toContain('spec.site: Invalid value');
    expect(message).toContain('set exactly one of name and id');
  });

  it('with an endpoint that would send the key in the clear is refused', async () => {
    const message = await refused({
      kind: 'PhoneSystem',
      name: 'clear-text',
      spec: { endpoint: 'http://phones.example.com', apiKeySecretRef: { name: 'key', key: 'api-key' } },
    });
    expect(message).toContain('spec.endpoint');
    expect(message).toContain('must be https, except on loopback');
  });
});

describe('an edit', () => {
  it.each([
    ['the site of a UserProfile', ada, { site: { name: 'London' } }, 'spec.site', "site can't be changed"],
    ['the type of an Extension', reception, { type: 'CC' }, 'spec.type', "type can't be changed"],
    [
      'the site of an Extension',
      reception,
      { site: { name: 'London' } },
      'spec.site',
      "site can't be changed",
    ],
  ])(
    'of %s is refused once it has been made, naming the field',
    async (_, resource, change, field, reason) => {
      const name = `made-${field.replace('.', '-')}-${resource.kind.toLowerCase()}`;
      const corrected = { ...resource, name, spec: { ...resource.spec, ...change } };
      await accepted({ ...resource, name });
      // A mistake that nothing was made of yet is corrected without more ado.
      await accepted(corrected);
      await accepted({ ...resource, name });
      const status = JSON.stringify({ status: { externalId: 'made' } });
      const how = ['-n', namespace(), '--subresource=status', '--type=merge', '-p', status];
      await kubectlOutput(cluster.kubectl, ['patch', `${resource.kind}/${name}`, ...how]);
      const message = await refused(corrected);
      expect(message).toContain(`${field}: `);
      expect(message).toContain(reason);
    },
  );

  it.each([
    [
      'the administrator of a PrivilegeGrant',
      grant,
      { userProfileRef: { name: 'grace' } },
      'spec.userProfileRef',
      "userProfileRef can't be changed",
    ],
    [
      'the account of a PortingOrder',
      port,
      { phoneSystem: 'other' },
      'spec.phoneSystem',
      "phoneSystem can't be changed",
    ],
  ])('of %s is refused, naming the field', async (_, resource, change, field, reason) => {
    await accepted(resource);
    const message = await refused({ ...resource, spec: { ...resource.spec, ...change } });
    expect(message).toContain(`${field}: `);
    expect(message).toContain(reason);
  });

  it('of the site is accepted together with consent to the move', async () => {
    const mover = { ...ada, name: 'mover' };
    await accepted(mover);
    const consent = [{ change: 'MoveSite', to: 'London' }];
    await accepted({ ...mover, spec: { ...mover.spec, site: { name: 'London' }, consent } });
  });

  it('that names the default account is the same as leaving it out', async () => {
    const implicit = { ...ada, name: 'implicit-account' };
    await accepted(implicit);
    await accepted({ ...implicit, spec: { ...implicit.spec, phoneSystem: 'default' } });
  });

  it('of the numbers of a port is refused once it has been submitted', async () => {
    const submitted = { ...port, name: 'submitted' };
    await accepted(submitted);
    const numbers = [{ number: '+14085550124' }];
    await accepted({ ...submitted, spec: { ...submitted.spec, numbers } });

    const status = JSON.stringify({ status: { phase: 'Submitted' } });
    await kubectlOutput(cluster.kubectl, [
      'patch',
      'portingorder/submitted',
      '-n',
      namespace(),
      '--subresource=status',
      '--type=merge',
      '-p',
      status,
    ]);
    const message = await refused(submitted);
    expect(message).toContain('spec.numbers: ');
    expect(message).toContain("numbers can't be changed after submission");
  });

  it.each([
    ['remainingNumbers', { remainingNumbers: { action: 'Keep' } }],
    ['losingCarrier.pinSecretRef', { losingCarrier: { pinSecretRef: { name: 'port', key: 'pin' } } }],
    ['endUser.name', { endUser: { name: 'Acme Supply' } }],
    ['documents.letterOfAuthority', { documents: { letterOfAuthority: { documentId: 'doc-1' } } }],
  ])('of %s of a port is refused once it has been submitted', async (field, change) => {
    const name = `frozen-${field.toLowerCase().replaceAll('.', '-')}`;
    const submitted = { ...port, name, spec: { ...port.spec, portType: 'Partial' } };
    await accepted(submitted);
    const status = JSON.stringify({ status: { phase: 'Submitted', externalId: 'po-1' } });
    const how = ['-n', namespace(), '--subresource=status', '--type=merge', '-p', status];
    await kubectlOutput(cluster.kubectl, ['patch', `portingorder/${name}`, ...how]);
    const message = await refused({ ...submitted, spec: { ...submitted.spec, ...change } });
    expect(message).toContain(`spec.${field}: `);
    expect(message).toContain("can't be changed after submission");
  });

  it('of what a person ordered by hand is taken, where the endpoint has no API for ports', async () => {
    const byHand = { ...port, name: 'by-hand' };
    await accepted(byHand);
    const status = JSON.stringify({ status: { phase: 'Submitted' } });
    const how = ['-n', namespace(), '--subresource=status', '--type=merge', '-p', status];
    await kubectlOutput(cluster.kubectl, ['patch', 'portingorder/by-hand', ...how]);
    await accepted({ ...byHand, spec: { ...byHand.spec, endUser: { name: 'Acme Supply' } } });
    const numbers = [{ number: '+14085550125' }];
    expect(await refused({ ...byHand, spec: { ...byHand.spec, numbers } })).toContain('spec.numbers: ');
  });
});

describe('the status', () => {
  it('is not written through the main resource', async () => {
    await accepted({ ...ada, name: 'status-owner', status: { externalId: 'forged' } });
    const args = ['get', 'userprofile/status-owner', '-n', namespace(), '-o', 'jsonpath={.status}'];
    expect(await kubectlOutput(cluster.kubectl, args)).toBe('');
  });

  it.each(['PhoneSystem' as const, ...accountKinds])(
    'of a %s is taken once it is made to fit, however much of everything there was',
    async (kind) => {
      const name = `extreme-${kind.toLowerCase()}`;
      await accepted({ ...minimal[kind], name });
      const how = ['--server-side', '--subresource=status', '--force-conflicts', '-f', '-'];
      const write = (status: JsonObject) =>
        cluster.kubectl(['apply', ...how], { input: manifest({ ...minimal[kind], name, status }) });
      const extreme = extremeStatus(kind);
      expect(await write(extreme)).toMatchObject({ exitCode: 1 });
      const fitted = statusFitter(kind)(extreme);
      if (!isJsonObject(fitted)) throw new Error('A status is an object');
      expect(await write(fitted)).toMatchObject({ exitCode: 0, stderr: '' });
      const args = ['get', kind.toLowerCase(), name, '-n', namespace(), '-o', 'jsonpath={.status}'];
      expect(JSON.parse(await kubectlOutput(cluster.kubectl, args))).toEqual(fitted);
    },
  );
});

function crdFiles(): string[] {
  return readdirSync(fileURLToPath(new URL('../../crds/', import.meta.url)));
}
