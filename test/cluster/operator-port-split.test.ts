import { beforeAll, describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { extensionsOf } from './support/phone-system.ts';
import { extension, port, portSecret, portSecretName, profile } from './support/resources.ts';
import { Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const temporary = company.phoneNumbers.at(-1)?.id ?? '';
const [first, second] = ['+14085550177', '+14085550178'];
const order = 'portingorder/main';
const work = new Workplace({ prefix: 'split', company });

async function advance(body: JsonObject): Promise<void> {
  const { externalId } = await work.status(order);
  await work.phones.control(`/porting-orders/${String(externalId)}/advance`, body);
}

/** Phase and id of each child order, by its only number. */
async function children(): Promise<Readonly<Record<string, { id: string; phase: string }>>> {
  const { children: all } = await work.status(order);
  const rows = isJsonArray(all) ? all.filter(isJsonObject) : [];
  return Object.fromEntries(
    rows.map(({ id, numbers, phase }) => [String(numbers), { id: String(id), phase: String(phase) }]),
  );
}

async function untilChildren(phases: Readonly<Record<string, string>>): Promise<void> {
  await eventually(`the children to be ${JSON.stringify(phases)}`, async () => {
    const found = Object.entries(await children()).map(([number, { phase }]) => [number, phase]);
    expect(Object.fromEntries(found)).toEqual(phases);
  });
}

describe('a number port that the provider splits', () => {
  beforeAll(async () => {
    await work.secret(portSecretName, portSecret);
    await work.apply(
      profile('desk', { site }),
      extension('desk', '7501', { phoneNumbers: [{ number: temporary }] }),
      port('main', {
        numbers: [{ number: first, replaces: { temporaryNumber: temporary } }, { number: second }],
        submit: true,
      }),
    );
    await work.becomes(order, 'InFlight');
  });

  it('shows an order for each part, in flight as a whole', async () => {
    await advance({ split: [[first], [second]] });
    await untilChildren({ [first]: 'Submitted', [second]: 'Submitted' });
    await work.becomes(order, 'InFlight');
    await work.waitFor('Ready', order);
  });

  it('shows one part that goes on while the other is refused, and the way out where a person looks', async () => {
    const { [first]: refused, [second]: going } = await children();
    await advance({ to: 'SCHEDULED', child: going?.id ?? '' });
    await advance({
      to: 'EXCEPTION',
      child: refused?.id ?? '',
      exception: { code: 'LOCATION_MISMATCH', message: 'Not the address', numbers: [first] },
    });
    expect(await work.becomes(order, 'PortException')).toContain('spec.endUser.serviceAddress');
    await untilChildren({ [first]: 'Exception', [second]: 'Scheduled' });
    expect(await work.status(order)).toMatchObject({
      phase: 'Exception',
      exceptions: [
        { code: 'LOCATION_MISMATCH', numbers: [first], remedy: expect.stringContaining('service') },
      ],
    });
    await work.tells(order, /^PortException: .*LOCATION_MISMATCH/);
    expect(await work.kubectl('get', order)).toMatch(/Exception/);
    expect(await work.kubectl('describe', order)).toMatch(/Remedy: +Ask the losing carrier/);
  });

  it('goes on when the YAML is corrected, touches the other part no more, and is complete when both are', async () => {
    const { [second]: going } = await children();
    await advance({ to: 'COMPLETED', child: going?.id ?? '' });
    await untilChildren({ [first]: 'Exception', [second]: 'Completed' });
    await work.patch(order, { spec: { endUser: { serviceAddress: { street: '2 Example Way' } } } });
    await work.becomes(order, 'InFlight');
    await untilChildren({ [first]: 'Submitted', [second]: 'Completed' });
    expect(await work.status(order)).not.toHaveProperty('exceptions');
    const { [first]: corrected } = await children();
    await advance({ to: 'SCHEDULED', child: corrected?.id ?? '' });
    await advance({ to: 'COMPLETED', child: corrected?.id ?? '' });
    await work.waitFor('Completed', order);
    await work.becomes(order, 'Completed');
    expect(await work.phones.list('porting-orders')).toHaveLength(1);
    const [line] = extensionsOf(await work.phones.user('desk@example.com'));
    expect(line?.phoneNumbers).toMatchObject([{ phoneNumber: first }]);
  });
});
