import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadCompanyFile } from '../../src/sandbox/company-file.ts';
import { applyAcme } from './support/acme.ts';
import { conditionsOf, member, Workplace } from './support/workplace.ts';

const account = fileURLToPath(new URL('../../examples/acme/account.json', import.meta.url));
const { company } = await loadCompanyFile(account, 5);

describe.each([
  ['complete', false],
  ['sparse', true],
])('a whole company, with %s list rows', (rows, sparseRows) => {
  const work = new Workplace({
    prefix: `acme-${rows}`,
    company,
    sandbox: { sparseRows },
    phoneSystem: false,
  });

  it('becomes Ready, every kind of it', async () => {
    await applyAcme(work);
    for (const kind of ['phonesystems', 'userprofiles', 'extensions', 'privilegegrants', 'portingorders']) {
      await work.waitFor('Ready', kind, '--all');
    }
    const resources = await work.all();
    expect(resources.length).toBeGreaterThan(50);
    for (const resource of resources) {
      expect(conditionsOf(resource).map(({ type, status }) => `${type} ${status}`)).toEqual(['Ready True']);
      expect(member(resource, 'status').observedGeneration).toBe(member(resource, 'metadata').generation);
    }
  });

  it('then writes nothing any more, neither to the phone system nor to the API server', async () => {
    await work.comesToRest();
    await work.rounds(2);
    const versions = await work.resourceVersions();
    const { writes } = await work.phones.stats();
    await work.rounds(6);
    expect(await work.resourceVersions()).toEqual(versions);
    expect((await work.phones.stats()).writes).toBe(writes);
  });

  it('leaves no complaint in the log', () => {
    // A definition that was installed a moment ago may not be served yet: its watch is begun again.
    const complaints = work.operator.complaints.filter(
      (line) => !line.includes('a watch failed and goes on'),
    );
    expect(complaints).toEqual([]);
  });
});
