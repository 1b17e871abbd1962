import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import type { Extension } from '../resources/generated/extension.ts';
import type { Memory } from './memory.ts';
import type { Plan } from './plan.ts';
import { bound, compiled, memories, messageOf, outcomeOf, planned, remembered } from './testing/engine.ts';
import { observedAccount, otherSiteRow, userBody } from './testing/observed.ts';
import { extension, profile } from './testing/resources.ts';

const jane = profile('jane');
const agreed = [{ change: 'ChangeLicense' as const, to: 'X4' }];
const line = (consent?: Extension['spec']['consent']) =>
  extension('jane', '1001', { license: { name: 'X4' }, ...(consent ? { consent } : {}) });

/** Jane's line with a seat of this licence; another seat of each is free. */
function holding(licenseName: string) {
  const seats: readonly JsonObject[] = ['X2', 'X4'].map((name) => ({ id: `free-${name}`, name }));
  const user = userBody('jane', {
    serviceInfo: {
      licenses: [{ id: 's1', name: licenseName }],
      extensions: [{ id: 'e1', extensionNumber: '1001', extensionType: 'UC', licenseId: 's1' }],
    },
  });
  return observedAccount({ user: [user], license: seats }, { rows: 'single' });
}

const start = memories(bound(jane, 'id-jane'), bound(line(), 'e1'));

function plan(resource: Extension, licenseName: string, memory: Memory = start): Plan {
  return planned([jane, resource], { observed: holding(licenseName), memory });
}

/** Memory after a plan was seen. */
function seenBy(seen: Plan, resource: Extension): Memory {
  return memories(bound(jane, 'id-jane'), remembered(seen, resource, 'e1'));
}

const gatesOf = ({ changes }: Plan) => [...new Set(changes.map(({ gate }) => gate?.kind))];

describe('a consent', () => {
  it('opens the change that it names', () => {
    expect(gatesOf(plan(line(), 'X2'))).toEqual(['consent']);
    expect(gatesOf(plan(line(agreed), 'X2'))).toEqual([undefined]);
  });

  it('without what the change leads to agrees to nothing, and is told what to write', () => {
    const vague = line([{ change: 'ChangeLicense' }]);
    const held = plan(vague, 'X2');
    expect(gatesOf(held)).toEqual(['consent']);
    const message = outcomeOf(held, vague)?.message;
    expect(message).toContain('names no "to" and so agrees to nothing');
    expect(message).toContain('{change: ChangeLicense, to: "X4"}');
  });

  it('to a move of site without the site is told so too', () => {
    const moved = profile('jane', {
      site: { name: otherSiteRow.name },
      consent: [{ change: 'MoveSite' }],
    });
    const world = { observed: holding('X4'), memory: bound(jane, 'id-jane') };
    expect(messageOf(compiled([moved], world), moved)).toContain('names no "to"');
  });

  it('does not open the same change again after that was made and the account was changed back', () => {
    const pending = seenBy(plan(line(agreed), 'X2'), line(agreed));
    expect(gatesOf(plan(line(agreed), 'X2', pending))).toEqual([undefined]);
    const done = plan(line(agreed), 'X4', pending);
    expect(outcomeOf(done, line(agreed))).toMatchObject({ reason: 'Synced', released: [] });
    const back = plan(line(agreed), 'X2', seenBy(done, line(agreed)));
    expect(gatesOf(back)).toEqual(['consent']);
    expect(outcomeOf(back, line(agreed))?.message).toContain('take it out of spec.consent');
    expect(back.changes[0]?.gate).toMatchObject({ kind: 'consent', lack: 'spent' });
  });

  it('is as good as new once it was taken out and written again', () => {
    const done = seenBy(plan(line(agreed), 'X4'), line(agreed));
    const out = plan(line(), 'X2', done);
    expect(outcomeOf(out, line())?.released).toEqual([]);
    expect(gatesOf(plan(line(agreed), 'X2', seenBy(out, line())))).toEqual([undefined]);
  });

  it('stays spent however often it is looked at', () => {
    let memory = seenBy(plan(line(agreed), 'X4'), line(agreed));
    for (const licenseName of ['X2', 'X4', 'X2']) {
      memory = seenBy(plan(line(agreed), licenseName, memory), line(agreed));
    }
    expect(gatesOf(plan(line(agreed), 'X2', memory))).toEqual(['consent']);
  });

  it('is not spent by an account that could not be read', () => {
    const unread = planned([jane, line(agreed)], {
      observed: observedAccount({ user: 'unknown' }),
      memory: start,
    });
    expect(gatesOf(plan(line(agreed), 'X2', seenBy(unread, line(agreed))))).toEqual([undefined]);
  });
});
