import { describe, expect, it } from 'vitest';
import { externalIdAnnotation } from '../../resources/annotations.ts';
import { AccountIndex } from '../compile/account-index.ts';
import { noMemory } from '../memory.ts';
import { observed, observedAccount, otherSiteRow, siteRow, userBody } from '../testing/observed.ts';
import { extension, grant, port, profile, sharedExtension } from '../testing/resources.ts';
import { tiesOf, tiesOfObject } from './ties.ts';

const line = {
  id: 'e1',
  extensionNumber: '7301',
  phoneNumbers: [{ phoneNumber: '+14085550101' }],
  devices: [{ macAddress: '00:00:5E:00:53:01' }],
  licenseId: 'seat-1',
};
const jane = userBody('jane', { serviceInfo: { extensions: [line] } });
const shown = [
  'extension e1',
  'place site-1 7301',
  'number +14085550101',
  'device 00005e005301',
  'license seat-1',
];
const account = observedAccount({
  user: [jane],
  extension: [{ ...line, id: 'e2', extensionNumber: '7302', site: { id: siteRow.id } }],
});
const index = new AccountIndex(account);
const bound = (externalId: string) => ({ ...noMemory, externalId });

describe('the ties of an object', () => {
  it.each([
    ['a user', observed('user', jane, 'complete'), ['user id-jane', 'login jane@example.com', ...shown]],
    [
      'an extension of nobody',
      observed('extension', { ...line, site: { id: siteRow.id } }, 'complete'),
      shown,
    ],
    [
      'a phone number',
      observed('phoneNumber', { phoneNumber: '+14085550101' }, 'complete'),
      ['number +14085550101'],
    ],
    ['a licence', observed('license', { id: 'seat-1' }, 'complete'), ['license seat-1']],
    ['an invitation', observed('invitation', { id: 'i1', userId: 'id-jane' }, 'complete'), ['user id-jane']],
    ['an administrator', observed('administrator', { userId: 'id-jane' }, 'complete'), ['user id-jane']],
    ['settings', observed('extensionSettings', { id: 'e1' }, 'complete'), ['extension e1']],
    ['an address', observed('profileSettings', { userId: 'id-jane' }, 'complete'), ['user id-jane']],
    ['a site', observed('site', siteRow, 'complete'), []],
  ])('%s', (_name, object, ties) => {
    expect(new Set(tiesOfObject(object))).toEqual(
      new Set(object.type === 'user' ? [...ties, 'user id-jane'] : ties),
    );
  });
});

describe('the ties of a resource', () => {
  const none = () => undefined;
  const owner = {
    resource: profile('jane', { site: { name: otherSiteRow.name } }),
    memory: bound('id-jane'),
  };

  it.each([
    [
      'a profile: its logins, its user and its licences',
      profile(
        'jane',
        { userName: 'JD', licenses: [{ id: 'seat-9' }, { name: 'X4' }] },
        { [externalIdAnnotation]: 'u9' },
      ),
      bound('id-jane'),
      ['login jd', 'login jane@example.com', 'user id-jane', 'user u9', 'license seat-9'],
    ],
    [
      'an extension: its profile, its numbers and devices, and all sites at which it may be',
      extension('jane', '7399', {
        phoneNumbers: [{ number: '+14085550102' }],
        primaryPhoneNumber: '+14085550103',
        callerId: { externalNumber: '+14085550104' },
        devices: [{ macAddress: '00005E005302' }],
        license: { id: 'seat-9' },
      }),
      bound('e9'),
      [
        ...[
          'UserProfile/acme/jane',
          'extension e9',
          'place site-1 7399',
          'place site-2 7399',
          'license seat-9',
        ],
        ...['number +14085550102', 'number +14085550103', 'number +14085550104', 'device 00005e005302'],
      ],
    ],
    [
      'an extension of nobody, with what it has now',
      sharedExtension('lobby', '7399', { site: { name: siteRow.name } }),
      bound('e2'),
      [
        ...['extension e2', 'place site-1 7302', 'place site-1 7399', 'number +14085550101'],
        ...['device 00005e005301', 'license seat-1'],
      ],
    ],
    ['a grant', grant('jane'), bound('id-jane'), ['UserProfile/acme/jane', 'user id-jane']],
    [
      'a port',
      port('desk', {
        numbers: [
          { number: '+14085550177', replaces: { temporaryNumber: '+14085550178' } },
          { number: '+14085550179', replaces: { extensionRef: { name: 'lobby' } } },
        ],
      }),
      noMemory,
      ['number +14085550177', 'number +14085550178', 'number +14085550179', 'Extension/acme/lobby'],
    ],
  ])('%s', (_name, resource, memory, ties) => {
    const find = (key: string) => (key === 'UserProfile/acme/jane' ? owner : none());
    expect(new Set(tiesOf(resource, memory, index, find))).toEqual(new Set(ties));
  });

  it('are those of the user that its extension is on, too', () => {
    expect(tiesOf(extension('jane', '7301'), bound('e1'), index, none)).toContain('user id-jane');
  });
});
