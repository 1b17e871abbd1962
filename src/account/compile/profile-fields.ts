import type { Json } from '../../foundation/json.ts';
import type { DesiredField } from '../desired.ts';
import { isDidLicense } from '../did-license.ts';
import { isOwnedByDirectory } from '../directory-owner.ts';
import { read } from '../path.ts';
import { registeredAddress } from './address.ts';
import type { Compilation } from './compilation.ts';
import type { CompiledProfile } from './compiled-profile.ts';
import { FieldWriter } from './field.ts';

/** The fields of the user itself, but for those that a SCIM directory owns. */
export function declareProfile(
  work: Compilation,
  profile: CompiledProfile,
  siteId: string | undefined,
): readonly DesiredField[] {
  const comingByThemselves = refuseDidLicenses(work, profile);
  return leaveToDirectory(work, profile, fieldsOf(work, profile, siteId, comingByThemselves));
}

function fieldsOf(
  work: Compilation,
  profile: CompiledProfile,
  siteId: string | undefined,
  refusedLicenses: ReadonlySet<string>,
): readonly DesiredField[] {
  const { spec } = profile.resource;
  const writer = new FieldWriter(profile.ref);
  // A login taken from the email is fixed at creation; only a declared one renames.
  writer.declare('userName', ['basicInfo', 'userName'], profile.userName, {
    comparison: 'caseless',
    risk: 'interruptsService',
    ...(spec.userName === undefined ? { createOnly: true } : {}),
  });
  writer.declare('firstName', ['basicInfo', 'firstName'], spec.firstName);
  writer.declare('lastName', ['basicInfo', 'lastName'], spec.lastName);
  writer.declare('email', ['basicInfo', 'primaryEmail'], spec.email, { comparison: 'caseless' });
  writer.declare('site', ['basicInfo', 'site', 'id'], siteId, { createOnly: true });
  writer.declare('status', ['basicInfo', 'status'], spec.status?.toUpperCase(), {
    risk: 'interruptsService',
  });
  writer.declare('locale', ['basicInfo', 'locale'], spec.locale);
  writer.declare('timezone', ['basicInfo', 'timezone'], spec.timezone);
  writer.declare('sso.provider', ['basicInfo', 'ssoProvider'], spec.sso?.provider);
  writer.declare('sso.federationId', ['basicInfo', 'ssoFederationId'], spec.sso?.federationId);
  writer.declare('jobTitle', ['directoryInfo', 'jobTitle'], spec.jobTitle);
  writer.declare('department', ['directoryInfo', 'department'], spec.department);
  writer.declare('directory.visible', ['directoryInfo', 'displayInDirectory'], spec.directory?.visible);
  writer.declare(
    'directory.scope',
    ['directoryInfo', 'directoryScope'],
    spec.directory?.scope?.toUpperCase(),
  );
  writer.declare(
    'personalPhoneNumbers',
    ['directoryInfo', 'personalPhoneNumbers'],
    personalNumbers(spec.personalPhoneNumbers),
    { comparison: 'set' },
  );
  writer.declare('profilePolicy', ['assignmentInfo', 'profilePolicy', 'name'], profilePolicy(work, profile), {
    refers: true,
  });
  declareUserGroup(work, profile, writer);
  for (const license of spec.licenses ?? []) {
    const selector =
      license.id === undefined ? { by: 'name', is: license.name ?? '' } : { by: 'id', is: license.id };
    if (refusedLicenses.has(selector.is)) continue;
    writer.declare(
      `licenses[${selector.is}]`,
      ['serviceInfo', 'licenses', selector, selector.by],
      selector.is,
    );
    writer.declare(
      `licenses[${selector.is}].country`,
      ['serviceInfo', 'licenses', selector, 'country'],
      license.country,
    );
  }
  return writer.fields;
}

const none: ReadonlySet<string> = new Set();

/**
 * What is never sent can't be declared: it would be found missing, and written in vain, for ever.
 *
 * @returns names and ids of those that are refused
 */
function refuseDidLicenses(
  work: Compilation,
  { ref, resource, userId }: CompiledProfile,
): ReadonlySet<string> {
  const { licenses } = resource.spec;
  if (!licenses?.length) return none;
  const body = userId === undefined ? undefined : work.index.body('user', userId);
  const refused = licenses.flatMap(({ id, name = '' }) => {
    const held =
      id === undefined ? undefined : body && read(body, ['serviceInfo', 'licenses', { by: 'id', is: id }]);
    return isDidLicense({ name }) || (held?.present && isDidLicense(held.value)) ? [id ?? name] : [];
  });
  for (const called of refused) {
    const message =
      'a DID licence comes and goes by itself with a phone number, and is never declared; take it out';
    work.omit(ref, `licenses[${called}]`, 'InvalidField', message);
  }
  return refused.length === 0 ? none : new Set(refused);
}

function personalNumbers(
  numbers: readonly { readonly number: string; readonly type: string }[] | undefined,
): Json | undefined {
  return numbers?.map(({ number, type }) => ({ number, type: type.toUpperCase() }));
}

function profilePolicy(work: Compilation, profile: CompiledProfile): string | undefined {
  const name = profile.resource.spec.profilePolicy;
  if (name === undefined || name === '' || !work.index.isRead('profilePolicy')) return name;
  const id = work.resolve({ resource: profile.ref, field: 'profilePolicy' }, 'profilePolicy', { name });
  return id === undefined ? undefined : name;
}

/** A user is in one group at most: with several, an arbitrary one wins and the account never settles. */
function declareUserGroup(work: Compilation, profile: CompiledProfile, writer: FieldWriter): void {
  const group = profile.resource.spec.userGroup;
  if (group === undefined) return;
  const path = ['assignmentInfo', 'userGroups'];
  if (group.name === '') {
    writer.declare('userGroup', path, []);
  } else if (group.id === undefined && !work.index.isRead('userGroup')) {
    writer.declare('userGroup', path, [{ name: group.name ?? '' }], { comparison: 'names' });
  } else {
    const id = work.resolve({ resource: profile.ref, field: 'userGroup' }, 'userGroup', group);
    if (id !== undefined) writer.declare('userGroup', path, [{ id }], { comparison: 'ids' });
  }
}

/** What a SCIM directory owns of a user; writing it would start a fight that the directory wins. */
const directoryFields = new Set([
  'userName',
  'firstName',
  'lastName',
  'email',
  'status',
  'jobTitle',
  'department',
]);

function leaveToDirectory(
  work: Compilation,
  profile: CompiledProfile,
  fields: readonly DesiredField[],
): readonly DesiredField[] {
  const { userId } = profile;
  const body = userId === undefined ? undefined : work.index.body('user', userId);
  if (!isOwnedByDirectory(body)) return fields;
  const left = fields.filter((field) => directoryFields.has(field.owners[0].field));
  work.leftAlone.set(profile.key, left.map((field) => field.owners[0].field).sort());
  if (left.length > 0) work.postpone(profile.key);
  return fields.filter((field) => !directoryFields.has(field.owners[0].field));
}

/** A personal address is an object of its own where the endpoint offers it, else a manual step. */
export function declareAddress(work: Compilation, profile: CompiledProfile): void {
  const { address } = profile.resource.spec;
  if (address === undefined) return;
  const state = work.input.observed.collections.profileSettings;
  if (state.state === 'unsupported') {
    work.omit(
      profile.ref,
      'address',
      'Unsupported',
      'the endpoint has no API for personal addresses; set it in Admin Console under the user, Address',
    );
    return;
  }
  const handle = `profileSettings/${profile.key}`;
  const { userId } = profile;
  work.begin(
    {
      type: 'profileSettings',
      handle,
      presence: 'present',
      naturalKey: userId ?? '',
      after: userId === undefined ? [profile.handle] : [],
      waits: [],
      ...(userId === undefined ? {} : { id: userId }),
    },
    profile.ref,
  );
  const writer = new FieldWriter(profile.ref);
  if (address.id !== undefined) writer.declare('address', ['address', 'id'], address.id, { refers: true });
  else if (address.civic)
    registeredAddress(writer, 'address', ['address', 'id'], address.civic, profile.memory);
  work.contribute(handle, profile.ref, writer.fields);
}
