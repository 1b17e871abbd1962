import { registerCollection } from '../collection.ts';
import type { SandboxModule } from '../core.ts';
import type { Fields } from '../filter.ts';
import { notFound } from '../problem.ts';
import type { RingGroupRecord } from '../records.ts';
import { mediaTypeNames } from '../vocabulary.ts';
import { renderRingGroup } from './ring-group-view.ts';
import { ringGroupWrites } from './ring-group-writes.ts';
import { registerUpdateMembers } from './update-members.ts';

const sortFields: Fields<RingGroupRecord> = {
  name: (group) => group.name,
  extensionNumber: (group) => group.extensionNumber,
  ringPattern: (group) => group.settings.ringPattern,
};

/** /ring-groups of the published API. */
export const ringGroupsModule: SandboxModule = (core) => {
  const { system } = core;
  registerCollection<RingGroupRecord>(core, {
    path: '/ring-groups',
    idName: 'ringGroupId',
    mediaTypes: { response: [mediaTypeNames.ringGroups], error: mediaTypeNames.json },
    scopes: ['UC Ring Group Admin'],
    paging: { style: 'scroll', max: 1000 },
    rows: () => system.ringGroups.all(),
    find: (id) => system.ringGroups.get(id),
    render: (group, view) => renderRingGroup(system, core.customerId, group, view),
    filterFields: { ...sortFields, ringTimeout: (group) => group.settings.ringTimeout },
    sortFields,
    missing: () => notFound('Ring group not found'),
    writes: {
      resourceType: 'RING_GROUP',
      commandPrefix: 'ringGroup',
      deleteTwice: true,
      ...ringGroupWrites(core),
    },
  });
  registerUpdateMembers(core);
};
