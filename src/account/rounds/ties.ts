import { externalIdAnnotation } from '../../resources/annotations.ts';
import type { Extension } from '../../resources/generated/extension.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { referenceTo, resourceKey } from '../../resources/reference.ts';
import { normaliseMac } from '../compare.ts';
import { type AccountIndex, listOf, type SeenExtension, seenIn } from '../compile/account-index.ts';
import type { ResourceMemory } from '../memory.ts';
import type { ObservedObject } from '../objects.ts';

/**
 * A name under which resources, and objects of the account, have to do with each other: `number +14085550123`. What
 * becomes of a resource follows from itself, from what shares a tie with it, from what shares one with that, and so
 * on; and from what concerns all (`ObservedNews.concernsAll`).
 */
export type Tie = string;

/** Where a resource that something names is found. */
export type FindResource = (
  key: string,
) => { readonly resource: AccountResource; readonly memory: ResourceMemory } | undefined;

/** Ties of an object as it was seen. Sites, groups and policies have none: they concern everybody. */
export function tiesOfObject(object: ObservedObject): readonly Tie[] {
  const { body, id, type } = object;
  switch (type) {
    case 'user':
    case 'extension': {
      const { extensions, userName } = seenIn(object);
      const ties = type === 'user' ? [`user ${id}`] : [`extension ${id}`];
      if (userName !== undefined) ties.push(`login ${userName}`);
      for (const seen of extensions) addSeen(ties, seen);
      return ties;
    }
    case 'profileSettings':
    case 'administrator':
      return [`user ${id}`];
    case 'extensionSettings':
      return [`extension ${id}`];
    case 'invitation':
      return typeof body.userId === 'string' ? [`user ${body.userId}`] : [];
    case 'phoneNumber':
      return [`number ${id}`];
    case 'license':
      return [`license ${id}`];
    default:
      return [];
  }
}

function addSeen(ties: Tie[], { body, id, number, phoneNumbers, siteId, userId }: SeenExtension): void {
  ties.push(`extension ${id}`);
  if (siteId !== undefined) ties.push(`place ${siteId} ${number}`);
  if (userId !== undefined) ties.push(`user ${userId}`);
  for (const phoneNumber of phoneNumbers) ties.push(`number ${phoneNumber}`);
  for (const { macAddress } of listOf(body.devices))
    if (typeof macAddress === 'string') ties.push(`device ${normaliseMac(macAddress)}`);
  if (typeof body.licenseId === 'string') ties.push(`license ${body.licenseId}`);
}

/**
 * Ties of a resource: of what it declares, and of the objects that it is bound to, as they were last seen. A key of
 * another resource ties it to that one.
 */
export function tiesOf(
  resource: AccountResource,
  memory: ResourceMemory,
  index: AccountIndex,
  find: FindResource,
): readonly Tie[] {
  const ties = new Set<Tie>();
  switch (resource.kind) {
    case 'UserProfile':
      tieProfile(ties, resource, memory, index);
      break;
    case 'Extension':
      tieExtension(ties, resource, memory, index, find);
      break;
    case 'PrivilegeGrant':
      ties.add(keyBeside(resource, 'UserProfile', resource.spec.userProfileRef.name));
      if (memory.externalId !== undefined) ties.add(`user ${memory.externalId}`);
      break;
    case 'PortingOrder':
      tieOrder(ties, resource);
      break;
  }
  return [...ties];
}

function idsOf({ metadata }: AccountResource, { externalId }: ResourceMemory): readonly string[] {
  const annotated = metadata.annotations?.[externalIdAnnotation];
  return [externalId, annotated].filter((id) => id !== undefined);
}

function keyBeside(
  resource: AccountResource,
  kind: 'UserProfile' | 'Extension' | 'PrivilegeGrant',
  name: string,
): Tie {
  return resourceKey({ ...referenceTo(resource), kind, name });
}

function addAll(ties: Set<Tie>, more: readonly Tie[]): void {
  for (const tie of more) ties.add(tie);
}

function tieProfile(
  ties: Set<Tie>,
  resource: UserProfile,
  memory: ResourceMemory,
  index: AccountIndex,
): void {
  const { email, licenses, userName } = resource.spec;
  for (const login of [userName, email]) if (login !== undefined) ties.add(`login ${login.toLowerCase()}`);
  for (const id of idsOf(resource, memory)) {
    ties.add(`user ${id}`);
    const login = index.loginOf(id);
    if (login !== undefined) ties.add(`login ${login}`);
  }
  for (const { id } of licenses ?? []) if (id !== undefined) ties.add(`license ${id}`);
}

function tieExtension(
  ties: Set<Tie>,
  resource: Extension,
  memory: ResourceMemory,
  index: AccountIndex,
  find: FindResource,
): void {
  const { spec } = resource;
  if (spec.userProfileRef) ties.add(keyBeside(resource, 'UserProfile', spec.userProfileRef.name));
  for (const id of idsOf(resource, memory)) {
    ties.add(`extension ${id}`);
    const seen = index.extensionsById.get(id);
    if (!seen) continue;
    const found: Tie[] = [];
    addSeen(found, seen);
    addAll(ties, found);
  }
  for (const siteId of sitesOf(resource, index, find)) ties.add(`place ${siteId} ${spec.number}`);
  const numbers = [
    ...(spec.phoneNumbers ?? []).map(({ number }) => number),
    spec.primaryPhoneNumber,
    spec.callerId?.externalNumber,
  ];
  for (const number of numbers) if (number !== undefined) ties.add(`number ${number}`);
  for (const { macAddress } of spec.devices ?? []) ties.add(`device ${normaliseMac(macAddress)}`);
  if (spec.license?.id !== undefined) ties.add(`license ${spec.license.id}`);
}

/** All sites at which an extension may come to be: where it is declared, and where its profile or its user is. */
function sitesOf(resource: Extension, index: AccountIndex, find: FindResource): ReadonlySet<string> {
  const sites = new Set<string>();
  const add = (site: { readonly id?: string; readonly name?: string } | undefined) => {
    if (site?.id !== undefined) sites.add(site.id);
    const named = site?.name === undefined ? undefined : index.named('site', site.name);
    if (named && 'found' in named) sites.add(named.found);
  };
  add(resource.spec.site);
  const owner = resource.spec.userProfileRef;
  const found = owner && find(keyBeside(resource, 'UserProfile', owner.name));
  if (found?.resource.kind !== 'UserProfile') return sites;
  const profile = found.resource;
  add(profile.spec.site);
  const login = (profile.spec.userName ?? profile.spec.email).toLowerCase();
  for (const id of [...idsOf(profile, found.memory), index.userIdsByName.get(login)]) {
    const siteId = id === undefined ? undefined : index.siteOfUser(id);
    if (siteId !== undefined) sites.add(siteId);
  }
  return sites;
}

function tieOrder(ties: Set<Tie>, resource: PortingOrder): void {
  for (const { number, replaces } of resource.spec.numbers) {
    ties.add(`number ${number}`);
    if (replaces?.temporaryNumber !== undefined) ties.add(`number ${replaces.temporaryNumber}`);
    if (replaces?.extensionRef) ties.add(keyBeside(resource, 'Extension', replaces.extensionRef.name));
  }
}
