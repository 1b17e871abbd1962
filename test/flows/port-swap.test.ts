import { expect, it } from 'vitest';
import { compile } from '../../src/account/compile/compile.ts';
import { diff } from '../../src/account/diff.ts';
import { defaultAllowance } from '../../src/account/removal-guard.ts';
import { extension } from '../../src/account/testing/resources.ts';
import { planMarkdown } from '../../src/report/plan/plan-markdown.ts';
import { reportPlan } from '../../src/report/plan/plan-report.ts';
import { planText } from '../../src/report/plan/plan-text.ts';
import { Flow } from './support/account.ts';
import { company, port, portSecrets, profile } from './support/resources.ts';

const temporary = company.phoneNumbers.at(-1)?.id ?? '';
const incoming = '+14085550166';

/** What `dialops plan` would say of these resources now. */
function planOf(run: Flow, resources: Flow['resources']) {
  const memory = run.store.snapshot();
  const observed = run.loop.view;
  const desired = compile({
    resources,
    policy: run.policy,
    observed,
    memory,
    now: run.clock.now(),
    secretRevision: () => '1',
  });
  const plan = diff({ desired, observed, memory, driftPolicy: 'Correct', removals: defaultAllowance });
  return reportPlan(plan, desired, {
    phoneSystem: 'default',
    resources: 1,
    findings: [],
    undeclared: [],
    showValues: false,
    nameOf: () => undefined,
    limits: { perMinute: 100, operationsInFlight: 10 },
  });
}

it.each([
  ['complete', false],
  ['sparse', true],
])(
  'offers the edit of the YAML once a port has swapped its number, with %s list rows',
  async (_name, sparseRows) => {
    const line = (number: string) =>
      extension('jane', '7300', { phoneNumbers: [{ number }], primaryPhoneNumber: number });
    const order = port('desk', {
      submit: true,
      numbers: [{ number: incoming, replaces: { temporaryNumber: temporary } }],
    });
    const before = [profile('jane'), line(temporary), order];
    const run = new Flow({ resources: before, company, sandbox: { sparseRows }, secrets: portSecrets });
    await run.apply();
    expect(planOf(run, before)).toMatchObject({ changes: [], edits: [] });
    await run.control(`/porting-orders/${run.externalId(order)}/advance`, { to: 'COMPLETED' });
    await run.resync();
    const writes = run.writes();
    const report = planOf(run, before);
    expect(report).toMatchObject({
      changes: [],
      problems: [],
      edits: [
        { resource: 'Extension jane', field: 'spec.phoneNumbers[0].number', from: temporary, to: incoming },
        { resource: 'Extension jane', field: 'spec.primaryPhoneNumber', from: temporary, to: incoming },
      ],
    });
    expect(planText(report, { color: false })).toContain(
      `Extension jane spec.primaryPhoneNumber: ${temporary} → ${incoming}  (PortingOrder desk has put`,
    );
    expect(planMarkdown(report)).toContain(
      'to be edited in the YAML: `Extension jane` `spec.primaryPhoneNumber`',
    );
    const after = [profile('jane'), line(incoming), order];
    await run.apply(after);
    expect(planOf(run, after)).toMatchObject({ changes: [], problems: [], edits: [] });
    expect(run.writes()).toBe(writes);
  },
);
