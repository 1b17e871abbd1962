import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { AuditClient } from '../phonesystem/audit.ts';
import { RequestBudget } from '../phonesystem/budget.ts';
import { type Differing, findAuthors } from './author-search.ts';

const title: Differing = {
  objectId: 'u1',
  paths: ['directoryInfo.jobTitle'],
  values: new Map([['directoryInfo.jobTitle', 'Pirate']]),
};
const gone: Differing = { objectId: 'u2', paths: [], values: new Map() };

const record = (
  event: string,
  key: string,
  actor: string,
  minute: number,
  given?: JsonObject,
): JsonObject => ({
  id: `${minute}`,
  entityType: 'user',
  entityKey: key,
  eventType: event,
  auditUserId: actor,
  auditTimestamp: `2026-01-05T08:${String(minute).padStart(2, '0')}:00Z`,
  ...(given ? { details: JSON.stringify({ new: given, old: {} }) } : {}),
});

/** Newest first, as the trail gives them. */
async function authors(wanted: readonly Differing[], data: readonly JsonObject[], status = 200) {
  const clock = new SimulatedClock();
  const errors: unknown[] = [];
  const requests: string[] = [];
  const audit = new AuditClient({
    endpoint: 'http://127.0.0.1:8080/administration/audit/v1/audits',
    apiKey: async () => 'a-key-for-tests',
    transport: async ({ url }) => {
      requests.push(url);
      return {
        status,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ data, meta: {} }),
      };
    },
    budget: new RequestBudget({ clock }),
    clock,
    random: () => 0.5,
  });
  const to = Date.parse('2026-01-05T09:00:00Z');
  const { signal } = new AbortController();
  const onError = (error: unknown) => void errors.push(error);
  const found = await findAuthors(wanted, { audit, from: to - 3_600_000, to, signal, onError });
  return { said: wanted.map((one) => found.get(one)), errors: errors.length, requests: requests.length };
}

describe('who changed something', () => {
  it('is told by the latest record that names the field', async () => {
    const { said } = await authors(
      [title, gone],
      [
        record('UPDATE', 'u1', 'other@example.com', 9, { department: 'Sales' }),
        record('DELETE', 'u2', 'cleaner@example.com', 8),
        record('UPDATE', 'u1', 'culprit@example.com', 7, { jobTitle: 'Pirate' }),
        record('UPDATE', 'u1', 'dialops', 5, { jobTitle: 'Engineer' }),
      ],
    );
    expect(said).toEqual([
      { state: 'Known', actor: 'culprit@example.com', at: '2026-01-05T08:07:00.000Z' },
      { state: 'Known', actor: 'cleaner@example.com', at: '2026-01-05T08:08:00.000Z' },
    ]);
  });

  it('is not the one who wrote another value than there is now: the last change was not recorded', async () => {
    const ours = record('UPDATE', 'u1', 'dialops', 5, { jobTitle: 'Engineer' });
    expect((await authors([title], [ours])).said).toEqual([{ state: 'NotRecorded' }]);
  });

  it('is not the one who made it', async () => {
    const made = record('CREATE', 'u1', 'dialops', 5, { jobTitle: 'Pirate' });
    expect((await authors([title], [made])).said).toEqual([{ state: 'NotRecorded' }]);
  });

  it('may be the one of a record whose details nobody can read', async () => {
    const { said } = await authors([title], [record('UPDATE', 'u1', 'someone@example.com', 5)]);
    expect(said).toMatchObject([{ state: 'Known', actor: 'someone@example.com' }]);
  });

  it('is not known when the records can not be read, which is said, or when there are none', async () => {
    const refused = await authors([title], [], 403);
    expect(refused).toMatchObject({ said: [{ state: 'Unreadable' }], errors: 1 });
    const { signal } = new AbortController();
    const none = await findAuthors([title], { from: 0, to: 1, signal, onError: () => undefined });
    expect([...none.values()]).toEqual([{ state: 'NoAudit' }]);
  });

  it('costs no request when nothing differs', async () => {
    expect((await authors([], [])).requests).toBe(0);
  });
});
