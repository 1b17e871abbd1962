import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { BodyReader } from '../body-reader.ts';
import { locales } from '../vocabulary.ts';
import { type ExtensionDraft, readExtension } from './extension-body.ts';

/** A user as a body gives it: of the right form, not yet checked against the phone system. */
export interface UserDraft {
  readonly reader: BodyReader;
  readonly userId: string | undefined;
  readonly customerId: string | undefined;
  readonly userName: string;
  readonly site: { readonly id: string | undefined; readonly name: string | undefined };
  readonly basicInfo: JsonObject;
  readonly directoryInfo: JsonObject;
  readonly licenses: readonly {
    readonly id: string | undefined;
    readonly name: string | undefined;
    readonly country: string | undefined;
  }[];
  readonly extensions: readonly ExtensionDraft[];
  readonly profilePolicy: string | undefined;
  readonly userGroups: readonly { readonly id: string | undefined; readonly name: string | undefined }[];
  readonly ringGroupIds: readonly string[];
  readonly ucCallQueues: readonly Json[];
}

const personName = /^[A-Za-z0-9.,\-_()' ]+$/;

/** Reads the published User schema. Faults are left in `reader`: call `reader.finish()`. */
export function readUser(body: JsonObject): UserDraft {
  const reader = new BodyReader(body);
  const basic = reader.object('basicInfo', true) ?? new BodyReader({});
  const userName = basic.text('userName', {
    required: true,
    min: 3,
    max: 70,
    pattern: /^[A-Za-z0-9.@\-_/]+$/,
  });
  basic.text('firstName', { required: true, min: 2, max: 128, pattern: personName });
  basic.text('lastName', { required: true, min: 2, max: 30, pattern: personName });
  basic.text('primaryEmail', { required: true, min: 5, max: 128, email: true });
  basic.text('status', { oneOf: ['ACTIVE', 'INACTIVE'] });
  basic.text('locale', { oneOf: locales });
  for (const name of ['timezone', 'scimProvider', 'ssoProvider', 'ssoFederationId']) basic.text(name);
  const site = basic.object('site');
  const service = reader.object('serviceInfo');
  const assignment = reader.object('assignmentInfo');
  return {
    reader,
    userId: basic.text('userId'),
    customerId: basic.text('customerId'),
    userName: userName ?? '',
    site: { id: site?.text('id'), name: site?.text('name') },
    basicInfo: basic.rest('userId', 'customerId', 'createdTime', 'lastUpdatedTime', 'userName', 'site'),
    directoryInfo: readDirectory(reader),
    licenses: (service?.objects('licenses') ?? []).map((license) => ({
      id: license.text('id'),
      name: license.text('name'),
      country: license.text('country'),
    })),
    extensions: (service?.objects('extensions') ?? []).map(readExtension),
    profilePolicy: assignment?.object('profilePolicy')?.text('name'),
    userGroups: (assignment?.objects('userGroups') ?? []).map((group) => ({
      id: group.text('id'),
      name: group.text('name'),
    })),
    ringGroupIds: (assignment?.list('ringGroups') ?? []).flatMap((group) =>
      isJsonObject(group) && typeof group.id === 'string' ? [group.id] : [],
    ),
    ucCallQueues: assignment?.list('ucCallQueues') ?? [],
  };
}

function readDirectory(reader: BodyReader): JsonObject {
  const directory = reader.object('directoryInfo');
  if (!directory) return {};
  directory.text('department', { min: 1, max: 100, pattern: /^[A-Za-z0-9.,&@*+\-#\\/()'– ]+$/ });
  directory.text('jobTitle', { min: 1, max: 254 });
  directory.text('directoryScope', { oneOf: ['CUSTOMER', 'PBX', 'SITE'] });
  directory.boolean('displayInDirectory');
  for (const number of directory.objects('personalPhoneNumbers')) {
    number.text('number');
    number.text('type', { oneOf: ['WORK', 'MOBILE'] });
  }
  return directory.rest();
}
