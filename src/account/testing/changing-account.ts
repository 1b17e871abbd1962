import { inviteAnnotation, pausedAnnotation } from '../../resources/annotations.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { referenceTo, resourceKey } from '../../resources/reference.ts';
import { type AccountPolicy, defaultPolicy } from '../compile/input.ts';
import { noMemory, type ResourceMemory } from '../memory.ts';
import type { JsonObject, ObjectType, ObservedAccount, ObservedObject } from '../objects.ts';
import { defaultAllowance } from '../removal-guard.ts';
import { type RoundInput, Rounds } from '../rounds/rounds.ts';
import { now } from './engine.ts';
import { observed, observedAccount, otherSiteRow, siteRow, userBody } from './observed.ts';
import { extension, grant, port, profile, sharedExtension } from './resources.ts';

/** Of the people. */
export const names: readonly string[] = ['ann', 'ben', 'cas'];
const numbers: readonly string[] = ['+14085550101', '+14085550102', '+14085550103', '+14085550104'];
const devices: readonly string[] = ['00:00:5E:00:53:01', '00:00:5E:00:53:02'];
const shortNumbers: readonly string[] = ['1000', '1010', '1020', '1999'];

/** What the phone system has of a person. */
interface Seen {
  readonly title: string;
  readonly login: string;
  readonly short: string;
  readonly number: string | undefined;
  readonly devices: readonly string[];
  readonly seat: string;
  readonly directory: boolean;
  readonly hides: boolean;
  readonly single: boolean;
  /** The extension is nobody's: an object by itself. */
  readonly alone: boolean;
}

/** An account over many rounds. What does not change keeps its identity, as in the engine. */
export class ChangingAccount {
  readonly rounds = new Rounds();
  readonly resources = new Map<string, AccountResource>();
  readonly memory = new Map<string, ResourceMemory>();
  readonly seen = new Map<string, Seen>();
  readonly objects = new Map<string, ObservedObject>();
  readonly gone = new Map<string, number>();
  policy: AccountPolicy = defaultPolicy;
  siteName = siteRow.name;
  hasSettings = true;
  hasInvitations = true;

  /** All of it is as declared. */
  constructor() {
    for (const [index, who] of names.entries()) {
      const [number = '', short = ''] = [numbers[index], shortNumbers[index]];
      const settings = { callWaiting: true, timezone: 'America/Chicago' };
      const devices = devicesOf(index).map((macAddress) => ({ macAddress }));
      const has = { phoneNumbers: [{ number }], license: { name: 'X4' }, devices };
      this.put(profile(who, { jobTitle: 'Engineer', invitation: 'Hold' }));
      this.put(extension(who, short, { ...settings, ...has }));
      this.put(
        sharedExtension(`room-${index}`, `20${index}0`, { ...settings, site: { name: siteRow.name } }),
      );
      this.show('phoneNumber', { phoneNumber: number, status: 'ASSIGNED' });
      this.show('license', { id: `seat-${index}`, name: 'X4', assignedUserId: `id-${who}` });
      this.show('extensionSettings', { id: `extension-${who}`, timezone: 'America/Chicago' });
      this.show('extensionSettings', { id: `room-${index}`, timezone: 'America/Chicago' });
      this.show('extension', {
        id: `room-${index}`,
        extensionNumber: `20${index}0`,
        extensionType: 'UC',
        callWaitingEnabled: true,
        licenseId: `seat-of-room-${index}`,
        site: { id: siteRow.id },
      });
      this.see(who, {});
      this.memory.set(`UserProfile/acme/${who}`, { ...noMemory, externalId: `id-${who}` });
      this.memory.set(`Extension/acme/${who}`, { ...noMemory, externalId: `extension-${who}` });
      this.memory.set(`Extension/acme/room-${index}`, { ...noMemory, externalId: `room-${index}` });
    }
    this.show('phoneNumber', { phoneNumber: numbers[3] ?? '', status: 'AVAILABLE' });
    this.show('license', { id: 'seat-3', name: 'X4' });
  }

  put(resource: AccountResource): void {
    this.resources.set(resourceKey(referenceTo(resource)), resource);
  }

  show(type: ObjectType, body: JsonObject, single = false): void {
    const object = observed(type, body, single ? 'single' : 'complete');
    this.objects.set(`${type}/${object.id}`, object);
  }

  see(who: string, change: Partial<Seen>): void {
    const seen: Seen = { ...(this.seen.get(who) ?? atFirst(who)), ...change };
    this.seen.set(who, seen);
    const line = {
      id: `extension-${who}`,
      extensionNumber: seen.short,
      extensionType: 'UC',
      callWaitingEnabled: true,
      phoneNumbers: seen.number === undefined ? [] : [{ phoneNumber: seen.number }],
      devices: seen.devices.map((macAddress) => ({ macAddress })),
      licenseId: seen.seat,
    };
    this.objects.delete(`extension/extension-${who}`);
    if (seen.alone) this.show('extension', { ...line, site: { id: siteRow.id } });
    const body = userBody(who, {
      basicInfo: { userName: seen.login, ...(seen.directory ? { scimProvider: 'Example' } : {}) },
      directoryInfo: { jobTitle: seen.title },
      serviceInfo: {
        extensions: seen.alone ? [] : [line],
        licenses: [{ id: seen.seat, name: 'X4' }],
      },
    });
    const object = observed('user', body, seen.hides ? 'sparse' : 'complete');
    this.objects.set(`user/id-${who}`, seen.single ? { ...object, source: 'single' } : object);
  }

  observe(): ObservedAccount {
    const account = observedAccount({ site: [{ ...siteRow, name: this.siteName }, otherSiteRow] });
    const collections = { ...account.collections };
    const types: ObjectType[] = ['user', 'extension', 'phoneNumber', 'license', 'administrator'];
    if (this.hasSettings) types.push('extensionSettings');
    if (this.hasInvitations) types.push('invitation');
    for (const type of [...types, 'portingOrder' as const]) {
      const objects = new Map<string, ObservedObject>();
      for (const object of this.objects.values()) if (object.type === type) objects.set(object.id, object);
      collections[type] = { state: 'read', objects, readAt: 1 };
    }
    return { ...account, collections, gone: new Map(this.gone) };
  }

  input(): RoundInput {
    return {
      resources: [...this.resources.values()],
      observed: this.observe(),
      memory: new Map(this.memory),
      policy: this.policy,
      now,
      secretRevision: () => '1',
      driftPolicy: 'Correct',
      removals: defaultAllowance,
    };
  }

  /** What the engine notes after a round. */
  remember(): void {
    for (const [key, { applied, externalId }] of this.rounds.make(this.input()).plan.outcomes) {
      const before = this.memory.get(key) ?? noMemory;
      if (before.applied === applied && before.externalId === externalId) continue;
      this.memory.set(key, { ...before, applied, ...(externalId === undefined ? {} : { externalId }) });
    }
  }
}

function atFirst(who: string): Seen {
  const index = names.indexOf(who);
  return {
    title: 'Engineer',
    login: `${who}@example.com`,
    short: shortNumbers[index] ?? '',
    number: numbers[index],
    devices: devicesOf(index),
    seat: `seat-${index}`,
    directory: false,
    hides: false,
    single: false,
    alone: false,
  };
}

/** The last has none. */
function devicesOf(index: number): readonly string[] {
  return devices.slice(index, index + 1);
}

/** To whom something happens, and with what. */
export interface Scene {
  readonly account: ChangingAccount;
  readonly who: string;
  /** One of a few things; 3 means none, or another. */
  readonly which: number;
  readonly flag: boolean;
}

function userOf({ account, who }: Scene) {
  const found = account.resources.get(`UserProfile/acme/${who}`);
  return found?.kind === 'UserProfile' ? found : profile(who);
}

function lineOf({ account, who }: Scene) {
  const found = account.resources.get(`Extension/acme/${who}`);
  return found?.kind === 'Extension' ? found : extension(who, '1000');
}

function editUser(scene: Scene, spec: Partial<ReturnType<typeof userOf>['spec']>): void {
  const user = userOf(scene);
  scene.account.put({ ...user, spec: { ...user.spec, ...spec } });
}

function editLine(scene: Scene, spec: Partial<ReturnType<typeof lineOf>['spec']>): void {
  const line = lineOf(scene);
  scene.account.put({ ...line, spec: { ...line.spec, ...spec } });
}

/** Of the person, or of the person's extension. */
function mark(scene: Scene, metadata: Partial<AccountResource['metadata']>): void {
  const resource = scene.flag ? userOf(scene) : lineOf(scene);
  scene.account.put({ ...resource, metadata: { ...resource.metadata, ...metadata } });
}

function remove({ account, who }: Scene, kind: string): void {
  account.resources.delete(`${kind}/acme/${who}`);
}

const kindOf = ({ flag }: Scene) => (flag ? 'UserProfile' : 'Extension');
const otherOf = ({ which }: Scene) => names[which % names.length] ?? '';
const shortOf = ({ which }: Scene) => shortNumbers[which] ?? '';
const numberOf = ({ which }: Scene) => numbers[which] ?? '';

/** What may happen between two rounds: to the YAML, to the account, or to what is remembered. */
export const happenings: Readonly<Record<string, (scene: Scene) => void>> = {
  edit: (at) => editUser(at, { jobTitle: at.flag ? 'Engineer' : 'Manager' }),
  login: (at) => editUser(at, { userName: `${otherOf(at)}@example.com`, adoptionPolicy: 'IfUnclaimed' }),
  renumber: (at) => editLine(at, { number: shortOf(at) }),
  number: (at) => editLine(at, { phoneNumbers: [{ number: numberOf(at) }] }),
  device: (at) => editLine(at, { devices: devicesOf(at.which).map((macAddress) => ({ macAddress })) }),
  give: (at) => editLine(at, { userProfileRef: { name: otherOf(at) } }),
  share: (at) => {
    const { userProfileRef: _owner, ...spec } = lineOf(at).spec;
    at.account.put({ ...lineOf(at), spec: { ...spec, site: { name: siteRow.name } } });
  },
  move: (at) => editUser(at, { site: { name: at.flag ? siteRow.name : otherSiteRow.name } }),
  place: (at) => editLine(at, { site: { id: siteRow.id } }),
  license: (at) => editLine(at, { license: at.flag ? { name: 'X4' } : { id: `seat-${at.which}` } }),
  anyNumber: (at) => {
    const { phoneNumbers: _numbers, ...spec } = lineOf(at).spec;
    at.account.put({ ...lineOf(at), spec });
  },
  licenses: (at) => editUser(at, { licenses: [{ id: `seat-${at.which}` }] }),
  pause: (at) => mark(at, { annotations: at.which > 1 ? {} : { [pausedAnnotation]: 'true' } }),
  delete: (at) => {
    if (!at.flag) editLine(at, { deletionPolicy: at.which > 1 ? 'Delete' : 'Unassign' });
    mark(at, { deletionTimestamp: '2026-01-05T09:00:00Z' });
  },
  remove: (at) => remove(at, kindOf(at)),
  add: (at) =>
    at.account.put(
      at.flag ? profile(at.who) : extension(at.who, shortOf(at), { adoptionPolicy: 'IfUnclaimed' }),
    ),
  invite: (at) => mark(at, { annotations: { [inviteAnnotation]: String(at.which) } }),
  hold: (at) => editUser(at, { invitation: at.flag ? 'Hold' : 'Send' }),
  grant: (at) =>
    at.account.put(grant(at.who, { sections: [{ name: 'Billing', privileges: ['ViewBills'] }] })),
  copy: (at) => at.account.put(grant(at.who, { copyFrom: { privilegeGrantRef: { name: otherOf(at) } } })),
  revoke: (at) => remove(at, 'PrivilegeGrant'),
  port: (at) => {
    const replaces = at.flag
      ? { temporaryNumber: numbers[0] ?? '' }
      : { extensionRef: { name: otherOf(at) } };
    at.account.put(port(at.who, { numbers: [{ number: numberOf(at), replaces }] }));
  },
  unport: (at) => remove(at, 'PortingOrder'),
  seeTitle: (at) => at.account.see(at.who, { title: at.flag ? 'Engineer' : 'Manager', single: at.which > 1 }),
  seeNumber: (at) => at.account.see(at.who, { number: numbers[at.which] }),
  seeShort: (at) => at.account.see(at.who, { short: shortOf(at) }),
  seeDevice: (at) => at.account.see(at.who, { devices: devicesOf(at.which) }),
  seeSeat: (at) => at.account.see(at.who, { seat: `seat-${at.which}` }),
  seeLogin: (at) => at.account.see(at.who, { login: `${otherOf(at)}@example.com` }),
  seeOwner: (at) => at.account.see(at.who, { alone: at.flag }),
  seeDirectory: (at) => at.account.see(at.who, { directory: at.flag }),
  seeAgain: (at) => at.account.see(at.who, { hides: false }),
  hide: (at) => at.account.see(at.who, { hides: true }),
  readAlone: (at) => at.account.see(at.who, { single: true }),
  lose: ({ account, who }) => void account.objects.delete(`user/id-${who}`),
  goneForGood: ({ account, who }) => {
    account.objects.delete(`user/id-${who}`);
    account.gone.set(`user/id-${who}`, 1);
  },
  room: ({ account, which }) =>
    account.show('extension', {
      id: `room-${which}`,
      extensionNumber: `20${which}0`,
      site: { id: siteRow.id },
    }),
  invited: ({ account, who }) =>
    account.show('invitation', { id: `invitation-${who}`, userId: `id-${who}`, status: 'SENT' }),
  administrator: ({ account, which, who }) =>
    account.show('administrator', { userId: `id-${who}`, primary: which === 0, scopes: [] }),
  swap: ({ account }) => void account.objects.delete(`phoneNumber/${numbers[0]}`),
  stock: (at) =>
    at.account.show('phoneNumber', {
      phoneNumber: numberOf(at),
      status: at.flag ? 'ASSIGNED' : 'AVAILABLE',
    }),
  seat: ({ account, flag, which, who }) =>
    account.show('license', {
      id: `seat-${which}`,
      name: flag ? 'X4' : 'X2',
      assignedUserId: flag ? null : `id-${who}`,
    }),
  seatOfRoom: ({ account, flag, which }) =>
    account.show('license', { id: `seat-of-room-${which}`, name: flag ? 'X4' : 'X2' }),
  forget: (at) => void at.account.memory.delete(`${kindOf(at)}/acme/${at.who}`),
  begin: (at) => {
    const { account, flag, who } = at;
    const key = `${kindOf(at)}/acme/${who}`;
    const objectType = flag ? ('user' as const) : ('extension' as const);
    const naturalKey = flag ? `${who}@example.com` : `${siteRow.id}/${lineOf(at).spec.number}`;
    const since = new Date(now).toISOString();
    const pending = { intent: 'Create' as const, objectType, naturalKey, since, attempt: 1 };
    account.memory.set(key, { ...(account.memory.get(key) ?? noMemory), pending });
  },
  remember: ({ account }) => account.remember(),
  pauseAll: ({ account, flag, which }) => {
    account.policy = { ...account.policy, paused: flag, invitationsPerHour: which };
  },
  renameSite: ({ account, flag }) => {
    account.siteName = flag ? siteRow.name : 'Closed';
  },
  settings: (at) =>
    at.account.show('extensionSettings', {
      id: `extension-${at.who}`,
      timezone: at.flag ? 'America/Chicago' : 'Europe/Paris',
    }),
  unsupported: ({ account, flag }) => {
    account.hasSettings = flag;
  },
  noInvitations: ({ account, flag }) => {
    account.hasInvitations = flag;
  },
};
