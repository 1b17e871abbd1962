import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { ObservedAccount } from '../objects.ts';
import { compiled, planned } from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { endUser } from '../testing/resources.ts';
import { decompile } from './decompile.ts';

const line: JsonObject = {
  id: 'ext-1',
  extensionNumber: '1001',
  extensionType: 'UC',
  licenseId: 'seat-1',
  phoneNumbers: [{ phoneNumber: '+14085550101', primary: true }],
  primaryPhoneNumber: '+14085550101',
  externalCallerIdName: 'Example',
  externalCallerIdNumber: null,
  callWaitingEnabled: true,
  displayInDirectory: true,
  emergencyAddressInheritFromSite: true,
  emergencyAddress: { id: 'address-1', displayForm: '742 EVERGREEN TERRACE' },
  devices: [{ macAddress: '0a:1b:2c:3d:4e:5f', model: 'Desk Phone', status: 'ACTIVE' }],
  musicOnHold: { id: null, name: null },
};

function jane(parts: JsonObject = {}, basicInfo: JsonObject = {}): JsonObject {
  return {
    ...userBody('jane', { basicInfo: { status: 'ACTIVE', ...basicInfo } }),
    directoryInfo: { jobTitle: null, department: 'Sales', displayInDirectory: true },
    serviceInfo: {
      licenses: [
        { id: 'seat-1', name: 'X4', country: 'US' },
        { id: 'did-1', name: 'DID-US', country: 'US' },
        { id: 'seat-2', name: 'Contact Center', country: 'US' },
      ],
      extensions: [line],
    },
    assignmentInfo: { profilePolicy: { name: null }, userGroups: [] },
    ...parts,
  };
}

function names(account: ObservedAccount): string[] {
  return decompile({ account }).imported.map(({ resource }) => `${resource.kind} ${resource.metadata.name}`);
}

function specOf(account: ObservedAccount, kind: string): unknown {
  return decompile({ account }).imported.find(({ resource }) => resource.kind === kind)?.resource.spec;
}

describe('decompile', () => {
  it('turns a user and its extension into two resources that refer to each other, bound by id', () => {
    const { imported, leftOut } = decompile({
      account: observedAccount({ user: [jane()] }, { rows: 'single' }),
    });
    expect(imported.map(({ resource }) => resource)).toEqual([
      {
        apiVersion: 'dialops.dev/v1alpha1',
        kind: 'UserProfile',
        metadata: { name: 'jane', annotations: { 'dialops.dev/external-id': 'id-jane' } },
        spec: {
          firstName: 'Jane',
          lastName: 'Example',
          email: 'jane@example.com',
          userName: 'jane@example.com',
          site: { name: 'Springfield HQ' },
          status: 'Active',
          department: 'Sales',
          directory: { visible: true },
          licenses: [{ name: 'Contact Center' }],
        },
      },
      {
        apiVersion: 'dialops.dev/v1alpha1',
        kind: 'Extension',
        metadata: { name: 'jane-1001', annotations: { 'dialops.dev/external-id': 'ext-1' } },
        spec: {
          number: '1001',
          type: 'UC',
          userProfileRef: { name: 'jane' },
          license: { name: 'X4' },
          phoneNumbers: [{ number: '+14085550101' }],
          primaryPhoneNumber: '+14085550101',
          callerId: { externalName: 'Example' },
          callWaiting: true,
          emergencyAddress: { fromSite: true },
          devices: [{ macAddress: '0a:1b:2c:3d:4e:5f', model: 'Desk Phone' }],
        },
      },
    ]);
    expect(leftOut).toEqual([]);
  });

  it('gives what compiles to the very account, with nothing to change and nothing to mail', () => {
    const observed = observedAccount({ user: [jane()], invitation: [] }, { rows: 'single' });
    const resources = decompile({ account: observed, namespace: 'acme' }).imported.map(
      ({ resource }) => resource,
    );
    expect(compiled(resources, { observed }).problems).toEqual([]);
    const plan = planned(resources, { observed });
    expect(plan).toMatchObject({ changes: [], reads: [] });
  });

  it('names alike what is alike, whatever else there is and in whatever order', () => {
    const namesake = userBody('id-2', {
      basicInfo: { userId: 'id-2', userName: 'jane@branch.example.com', site: { id: 'site-2' } },
    });
    const other = userBody('other', { basicInfo: { userName: '江@example.com', userId: 'id-3' } });
    const accounts = [
      [jane(), namesake, other],
      [other, namesake, jane()],
    ].map((user) => names(observedAccount({ user }, { rows: 'single' })));
    expect(accounts[0]).toEqual(accounts[1]);
    expect(accounts[0]).toEqual([
      expect.stringMatching(/^UserProfile jane-[0-9a-f]{6}$/),
      expect.stringMatching(/^UserProfile jane-[0-9a-f]{6}$/),
      expect.stringMatching(/^Extension jane-[0-9a-f]{6}-1001$/),
    ]);
  });

  it('leaves out a user whose name no write could hold, and what hangs on it', () => {
    const account = observedAccount(
      {
        user: [jane({}, { firstName: 'José' })],
        administrator: [{ userId: 'id-jane', primary: false, scopes: [] }],
      },
      { rows: 'single' },
    );
    const { imported, leftOut } = decompile({ account });
    expect(imported).toEqual([]);
    expect(leftOut.map(({ type, reason, message }) => [type, reason, message])).toEqual([
      ['administrator', 'Dependent', 'the user is left out'],
      ['extension', 'Dependent', 'its user is left out'],
      ['user', 'Inexpressible', expect.stringMatching(/^firstName has a character that the phone system/)],
    ]);
  });

  it('leaves to a SCIM directory what that owns', () => {
    const account = observedAccount(
      { user: [jane({}, { scimProvider: 'Example Directory' })] },
      { rows: 'single' },
    );
    expect(specOf(account, 'UserProfile')).not.toHaveProperty('status');
    expect(specOf(account, 'UserProfile')).not.toHaveProperty('department');
    expect(decompile({ account }).leftOut.map(({ reason }) => reason)).toEqual(['Directory']);
  });

  it('refers by id to one of several sites of a name', () => {
    const site = [
      { id: 'site-1', name: 'Office' },
      { id: 'site-2', name: 'office' },
    ];
    const account = observedAccount({ user: [jane()], site }, { rows: 'single' });
    expect(specOf(account, 'UserProfile')).toMatchObject({ site: { id: 'site-1' } });
  });

  it('leaves out, and says, what a sparse row does not show', () => {
    const account = observedAccount({
      user: [userBody('jane', { basicInfo: { status: 'ACTIVE' } })],
    });
    const { imported, leftOut } = decompile({ account });
    expect(imported.map(({ resource }) => resource.spec)).toEqual([
      {
        firstName: 'Jane',
        lastName: 'Example',
        email: 'jane@example.com',
        userName: 'jane@example.com',
        site: { name: 'Springfield HQ' },
        status: 'Active',
      },
    ]);
    expect(leftOut.every(({ reason }) => reason === 'NotRead')).toBe(true);
    expect(leftOut.map(({ field }) => field)).toContain('jobTitle');
  });

  it('makes an extension of nobody one at its site', () => {
    const lobby = { ...line, userId: null, site: { id: 'site-1', name: 'Springfield HQ' }, licenseId: null };
    const account = observedAccount({ user: [], extension: [lobby] }, { rows: 'single' });
    expect(names(account)).toEqual(['Extension springfield-hq-1001']);
    expect(specOf(account, 'Extension')).toMatchObject({
      site: { name: 'Springfield HQ' },
      directory: { visible: true },
    });
  });

  it('says why a device with several lines, and one without an address, is not there', () => {
    const other = { ...line, id: 'ext-2', extensionNumber: '1002', phoneNumbers: [], licenseId: null };
    const devices = [{ macAddress: '0A-1B-2C-3D-4E-5F' }, { activationCode: 'x' }];
    const user = jane({ serviceInfo: { licenses: [], extensions: [line, { ...other, devices }] } });
    const account = observedAccount({ user: [user] }, { rows: 'single' });
    expect(decompile({ account }).leftOut.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'devices: a device with several lines',
      'devices: a device with several lines; a device without MAC address',
    ]);
    const resources = decompile({ account, namespace: 'acme' }).imported.map(({ resource }) => resource);
    expect(compiled(resources, { observed: account }).problems).toEqual([]);
  });

  it('makes one grant of the PBXes on which somebody may do the same', () => {
    const sections = [{ name: 'Users', privileges: ['View', 'Manage'] }];
    const scopes = [
      { pbxName: 'two', sections },
      { pbxName: 'one', sections },
      { pbxName: '*', sections: [{ name: 'Audit', privileges: ['View'] }] },
    ];
    const owner = userBody('owner', { basicInfo: { userId: 'id-owner' } });
    const administrator = [
      { userId: 'id-jane', primary: false, scopes },
      { userId: 'id-owner', primary: true, scopes: [{ pbxName: '*', sections }] },
    ];
    const account = observedAccount({ user: [jane(), owner], administrator }, { rows: 'single' });
    const { imported, leftOut } = decompile({ account, namespace: 'acme' });
    const grants = imported.flatMap(({ resource }) => (resource.kind === 'PrivilegeGrant' ? [resource] : []));
    expect(grants.map(({ metadata, spec }) => [metadata.name, spec.pbxes, spec.sections])).toEqual([
      ['jane-all', ['*'], [{ name: 'Audit', privileges: ['View'] }]],
      ['jane-one', ['one', 'two'], [{ name: 'Users', privileges: ['Manage', 'View'] }]],
    ]);
    expect(leftOut.map(({ reason }) => reason)).toEqual(['PrimaryAdministrator']);
    const plan = planned(
      imported.map(({ resource }) => resource),
      { observed: account },
    );
    expect(plan.changes).toEqual([]);
    expect([...plan.outcomes.values()].map(({ reason }) => reason)).toEqual(imported.map(() => 'Synced'));
  });

  it('takes over a port under way without its secrets, and none that is over', () => {
    const order = {
      id: 'order-1',
      reference: 'acme/main-line',
      status: 'SUBMITTED',
      portType: 'FULL',
      numbers: [
        { phoneNumber: '+14085550177', temporaryNumber: null, extensionId: 'ext-1', status: 'SUBMITTED' },
        { phoneNumber: '+14085550178', temporaryNumber: '+14085550101', extensionId: null },
      ],
      losingCarrier: { name: 'Example Telecom' },
      accountNumberSet: true,
      pinSet: false,
      billingTelephoneNumber: '+14085550177',
      remainingNumbers: null,
      endUser: {
        name: 'Acme Supply',
        businessName: null,
        authorizedPerson: 'Pat Example',
        serviceAddress: {
          street: '1 Example Way',
          secondaryLocation: null,
          city: 'Springfield',
          state: 'IL',
          postal: '62704',
          country: 'US',
        },
      },
      documents: { letterOfAuthority: 'document-1', bill: null },
      requestedDate: '2026-02-02',
    };
    const over = { id: 'order-2', reference: 'old', status: 'COMPLETED' };
    const observed = observedAccount({ user: [jane()], portingOrder: [order, over] }, { rows: 'single' });
    const { imported, leftOut } = decompile({ account: observed, namespace: 'acme' });
    const port = imported.find(({ resource }) => resource.kind === 'PortingOrder');
    expect(port?.resource.metadata.name).toBe('main-line');
    expect(port?.resource.spec).toEqual({
      reference: 'acme/main-line',
      numbers: [
        { number: '+14085550177', replaces: { extensionRef: { name: 'jane-1001' } } },
        { number: '+14085550178', replaces: { temporaryNumber: '+14085550101' } },
      ],
      portType: 'Full',
      losingCarrier: { name: 'Example Telecom', billingTelephoneNumber: '+14085550177' },
      endUser,
      documents: { letterOfAuthority: { documentId: 'document-1' } },
      requestedDate: '2026-02-02',
      submit: true,
    });
    expect(Object.keys(port?.remarks ?? {})).toEqual(['losingCarrier.accountNumberSecretRef']);
    expect(leftOut.map(({ reason, resource }) => [reason, resource])).toEqual([['Over', 'old']]);
    const resources = imported.map(({ resource }) => resource);
    expect(compiled(resources, { observed }).problems).toEqual([]);
    expect(planned(resources, { observed }).changes).toEqual([]);
  });
});
