import { expect, it } from 'vitest';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 2, seed: 5 });
const place = new Workplace({ prefix: 'dry-run', company, startOperator: false });

it('a dry run says what it would write, and writes neither there nor here', async () => {
  await place.apply({
    apiVersion: 'dialops.dev/v1alpha1',
    kind: 'UserProfile',
    metadata: { name: 'jane' },
    spec: {
      firstName: 'Jane',
      lastName: 'Example',
      email: 'jane@example.com',
      site: { name: company.sites[0]?.name ?? '' },
    },
  });
  const before = await place.get('userprofile/jane');
  const operator = await place.startOperator({ dryRun: true });
  await eventually('the log to name the write', async () => {
    const line = operator.log.find((text) => text.includes('"message":"would write"'));
    if (line === undefined) throw new Error(operator.complaints.join('\n'));
    expect(JSON.parse(line)).toMatchObject({ method: 'POST', route: '/users' });
  });
  expect((await place.phones.stats()).writes).toBe(0);
  expect(await place.get('userprofile/jane')).toEqual(before);
  await operator.stop();
});
