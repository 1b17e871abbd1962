import { registerCollection } from '../collection.ts';
import type { SandboxModule } from '../core.ts';
import type { FieldReader } from '../filter.ts';
import type { UserRecord } from '../records.ts';
import { mediaTypeNames } from '../vocabulary.ts';
import { renderUser } from './user-view.ts';
import { userWrites } from './user-writes.ts';

const basic =
  (name: string): FieldReader<UserRecord> =>
  (user) =>
    user.basicInfo[name];
const userName: FieldReader<UserRecord> = (user) => user.userName;
const createdTime: FieldReader<UserRecord> = (user) => user.createdTime;
const department: FieldReader<UserRecord> = (user) => user.directoryInfo.department;

/** /users of the published API. */
export const usersModule: SandboxModule = (core) => {
  const { system } = core;
  registerCollection<UserRecord>(core, {
    path: '/users',
    idName: 'userId',
    mediaTypes: { response: [mediaTypeNames.users] },
    scopes: ['UC & CC User Admin'],
    paging: { style: 'scroll', max: 1000 },
    rows: () => system.users.all(),
    find: (id) => system.users.get(id),
    render: (user, view) => renderUser(system, core.customerId, user, view),
    filterFields: {
      'basicInfo.userName': userName,
      'basicInfo.primaryEmail': basic('primaryEmail'),
      'basicInfo.status': basic('status'),
      'basicInfo.createdTime': createdTime,
      'directoryInfo.department': department,
    },
    sortFields: {
      'basicInfo.userName': userName,
      'basicInfo.firstName': basic('firstName'),
      'basicInfo.lastName': basic('lastName'),
      'basicInfo.status': basic('status'),
      'basicInfo.createdTime': createdTime,
      'basicInfo.lastUpdatedTime': (user) => user.lastUpdatedTime,
      'directoryInfo.department': department,
    },
    writes: { resourceType: 'USER', commandPrefix: 'user', ...userWrites(core) },
  });
};
