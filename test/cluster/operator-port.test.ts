import { beforeAll, describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import { seedCompany } from '../../src/sandbox/company.ts';
import { eventually } from './eventually.ts';
import { extensionsOf } from './support/phone-system.ts';
import { extension, port, portSecret, portSecretName, profile } from './support/resources.ts';
import { conditionsOf, Workplace } from './support/workplace.ts';

const company = seedCompany({ users: 3, seed: 3 });
const site = { name: company.sites[0]?.name ?? '' };
const temporary = company.phoneNumbers.at(-1)?.id ?? '';
const incoming = '+14085550177';
const order = 'portingorder/main';
const work = new Workplace({ prefix: 'port', company });

async function advance(body: JsonObject): Promise<void> {
  const { externalId } = await work.status(order);
  await work.phones.control(`/porting-orders/${String(externalId)}/advance`, body);
}

async function phases(): Promise<readonly unknown[]> {
  const { history } = await work.status(order);
  return isJsonArray(history) ? history.filter(isJsonObject).map(({ phase }) => phase) : [];
}

const numbersOf = async () => {
  const [line] = extensionsOf(await work.phones.user('desk@example.com'));
  const numbers = isJsonArray(line?.phoneNumbers) ? line.phoneNumbers.filter(isJsonObject) : [];
  return numbers.map(({ phoneNumber }) => phoneNumber);
};

describe('a number port', () => {
  beforeAll(async () => {
    await work.secret(portSecretName, portSecret);
    await work.apply(
      profile('desk', { site }),
      extension('desk', '7501', { phoneNumbers: [{ number: temporary }] }),
      port('main', { numbers: [{ number: incoming, replaces: { temporaryNumber: temporary } }] }),
    );
    await work.waitFor('Ready', 'extension/desk');
  });

  it('begins as a draft that shows what would be sent, without a secret', async () => {
    await work.becomes(order, 'Draft');
    const status = await work.status(order);
    expect(status).toMatchObject({ phase: 'Draft', wouldSend: expect.stringContaining(incoming) });
    expect(JSON.stringify(status)).not.toContain(portSecret.account);
  });

  it('is submitted when the YAML says so', async () => {
    await work.patch(order, { spec: { submit: true } });
    await work.becomes(order, 'InFlight');
    expect(await work.status(order)).toMatchObject({
      phase: 'Submitted',
      numbers: [{ number: incoming, temporaryNumber: temporary }],
    });
  });

  it('says what an exception means and what to do, and a correction submits it again', async () => {
    await advance({
      to: 'EXCEPTION',
      exception: { code: 'ACCOUNT_NUMBER_MISMATCH', message: 'Not the account', numbers: [incoming] },
    });
    expect(await work.becomes(order, 'PortException')).toContain('Correct account number');
    expect(await work.condition(order, 'Stalled')).toMatchObject({ status: 'True' });
    expect(await work.status(order)).toMatchObject({
      exceptions: [{ code: 'ACCOUNT_NUMBER_MISMATCH', numbers: [incoming] }],
    });
    await work.tells(order, /^PortException: /);
    await work.secret(portSecretName, { ...portSecret, account: '87654321' });
    await work.becomes(order, 'InFlight', { timeoutMs: 100_000 });
    expect(await work.status(order)).not.toHaveProperty('exceptions');
  });

  it('is scheduled by the provider, then completes', async () => {
    await advance({ to: 'SCHEDULED' });
    await eventually('the schedule', async () => {
      expect(await work.status(order)).toMatchObject({
        phase: 'Scheduled',
        confirmedDate: expect.any(String),
      });
    });
    await advance({ to: 'COMPLETED' });
    await work.becomes(order, 'Completed');
    expect(await work.condition(order, 'Completed')).toMatchObject({ status: 'True', reason: 'Ported' });
    expect(await phases()).toEqual([
      'Draft',
      'Submitted',
      'Exception',
      'Submitted',
      'Scheduled',
      'Completed',
    ]);
  });

  it('the swap of the numbers at its end is no drift, and is not undone', async () => {
    await eventually('the swap', async () => expect(await numbersOf()).toEqual([incoming]));
    await work.rounds(4);
    expect(await numbersOf()).toEqual([incoming]);
    const types = conditionsOf(await work.get('extension/desk')).map(
      ({ type, status }) => `${type} ${status}`,
    );
    expect(types).toEqual(['Ready True']);
  });

  it('its YAML stays while an Extension names the temporary number, and deletes nothing when it goes', async () => {
    await work.kubectl('delete', order, '--wait=false');
    expect(await work.becomes(order, 'StillReferred')).toContain('Extension desk');
    await work.patch('extension/desk', { spec: { phoneNumbers: [{ number: incoming }] } });
    await work.isGone(order);
    await work.becomes('extension/desk', 'Synced');
    expect(await numbersOf()).toEqual([incoming]);
    expect(await work.phones.list('porting-orders')).toHaveLength(1);
  });
});
