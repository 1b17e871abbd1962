import { describe, expect, it } from 'vitest';
import { toPutBody } from './put-body.ts';

describe('toPutBody', () => {
  it('takes out what is read-only and what must never be sent, and nothing else', () => {
    const fromGet = {
      basicInfo: {
        userId: 'u1',
        createdTime: '2026-01-01T00:00:00Z',
        lastUpdatedTime: '2026-01-02T00:00:00Z',
        customerId: 'c1',
        userName: 'kim.lee@example.com',
        addedLater: { by: 'the provider' },
      },
      serviceInfo: {
        licenses: [
          { id: 'l1', name: 'X2', country: 'US' },
          { id: 'd1', name: 'DID-US', country: 'US' },
          { id: 'd2', name: 'Virtual Number', type: 'DID' },
        ],
        extensions: [{ id: 'e1', doNotDisturb: true, devices: [{ id: 'd', status: 'ACTIVE' }] }],
      },
      assignmentInfo: { ringGroups: [{ id: 'g1' }] },
      _links: { self: { href: '/users/u1' } },
      unknownSection: null,
    };
    expect(toPutBody('user', fromGet)).toEqual({
      basicInfo: { customerId: 'c1', userName: 'kim.lee@example.com', addedLater: { by: 'the provider' } },
      serviceInfo: {
        licenses: [{ id: 'l1', name: 'X2', country: 'US' }],
        extensions: [{ id: 'e1', doNotDisturb: true, devices: [{ id: 'd', status: 'ACTIVE' }] }],
      },
      assignmentInfo: { ringGroups: [{ id: 'g1' }] },
      unknownSection: null,
    });
  });

  it('leaves a licence alone whose name only contains the letters', () => {
    const body = { serviceInfo: { licenses: [{ name: 'Candid Recording' }] } };
    expect(toPutBody('user', body)).toEqual(body);
  });

  it('does not mind what is missing or null', () => {
    expect(toPutBody('user', { basicInfo: null, serviceInfo: { licenses: null } })).toEqual({
      basicInfo: null,
      serviceInfo: { licenses: null },
    });
    expect(toPutBody('user', {})).toEqual({});
  });

  it('keeps the members of a ring group, which a PUT without them would remove', () => {
    const members = [{ extensionId: 'e1', sequenceNumber: 1, loggedIn: true }];
    const voicemailSettings = { notificationAction: 'DISABLE', accessPin: '123456' };
    expect(toPutBody('ringGroup', { id: 'g1', name: 'Front desk', members, voicemailSettings })).toEqual({
      name: 'Front desk',
      members,
      voicemailSettings,
    });
  });

  it('reaches into lists', () => {
    const order = {
      id: 'p1',
      reference: 'acme-main-line',
      status: 'DRAFT',
      numbers: [{ phoneNumber: '+14085550123', status: 'DRAFT', exception: null }],
    };
    expect(toPutBody('portingOrder', order)).toEqual({
      reference: 'acme-main-line',
      numbers: [{ phoneNumber: '+14085550123' }],
    });
  });
});
