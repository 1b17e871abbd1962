/** One privilege: looking at a section of the account manager, or changing something in it. */
export type Privilege = { readonly name: string; readonly title: string; readonly access: 'VIEW' | 'CHANGE' };

export type PrivilegeSection = {
  readonly name: string;
  readonly title: string;
  readonly privileges: readonly Privilege[];
};

const view: Privilege = { name: 'View', title: 'View', access: 'VIEW' };
const manage: Privilege = { name: 'Manage', title: 'View and change', access: 'CHANGE' };

function section(name: string, title: string, ...more: readonly Privilege[]): PrivilegeSection {
  return { name, title, privileges: [view, ...more] };
}

/** All sections of the account manager, by which privileges are granted. */
export const privilegeTree: readonly PrivilegeSection[] = [
  {
    name: 'Billing',
    title: 'Billing',
    privileges: [
      { name: 'ViewBills', title: 'View bills', access: 'VIEW' },
      { name: 'UpdateCards', title: 'Update payment cards', access: 'CHANGE' },
    ],
  },
  section('CallLogReports', 'Call log reports'),
  section('Users', 'Users', manage),
  section('Extensions', 'Extensions', manage),
  section('Numbers', 'Phone numbers', manage),
  section('Porting', 'Number porting', manage),
  section('Devices', 'Devices', manage),
  section('AutoAttendants', 'Auto attendants', manage),
  section('RingGroups', 'Ring groups', manage),
  section('CallQueues', 'Call queues', manage),
  section('CallRecordings', 'Call recordings', {
    name: 'Listen',
    title: 'Listen to recordings',
    access: 'VIEW',
  }),
  section('Sites', 'Sites', manage),
  section('Addresses', 'Emergency addresses', manage),
  section('Directory', 'Company directory', manage),
  section('UserGroups', 'User groups', manage),
  section('ProfilePolicies', 'Profile policies', manage),
  section('Licenses', 'Licences', manage),
  section('PrivilegesAndAdministrators', 'Privileges and administrators', manage),
  section('Audit', 'Audit trail'),
  section('Support', 'Support cases', manage),
];
