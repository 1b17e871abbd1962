import { describe, expect, it } from 'vitest';
import { nextConditions, type ReasonName, verdictsOf } from '../resources/conditions.ts';
import type { UserProfile } from '../resources/generated/user-profile.ts';
import type { Stored } from './kinds.ts';
import { Transitions } from './transitions.ts';

const resource: Stored<UserProfile> = {
  apiVersion: 'dialops.dev/v1alpha1',
  kind: 'UserProfile',
  metadata: { name: 'jane', namespace: 'acme', uid: 'u1', resourceVersion: '1' },
  spec: { firstName: 'Jane', lastName: 'Example', email: 'jane@example.com', site: { name: 'HQ' } },
};

/** What is told when Ready comes to say this. */
function told(reason: ReasonName, message: string): readonly string[] {
  const notes: string[] = [];
  const transitions = new Transitions({ record: (_object, { note }) => notes.push(note) });
  const conditions = nextConditions([], verdictsOf(reason, message), {
    now: '2026-01-05T09:00:00Z',
    generation: 1,
  });
  transitions.observe(resource, { conditions: [...conditions] });
  return notes;
}

describe('an Event', () => {
  it('names the field and what the reason means, and repeats nobody’s words', () => {
    const [note] = told(
      'RefusedByPhoneSystem',
      'spec.licenses[Zoë’s own].name: Zoë Whitfield has it already',
    );
    expect(note).toMatch(
      /^spec\.licenses\[\]\.name: The phone system refused a value; .* See the condition Ready\.$/,
    );
    expect(note).not.toMatch(/Zo|Whitfield/);
  });

  it('names no login, where nothing else is known', () => {
    expect(told('Conflict', 'UserProfile jane.doe declares "jane.doe" too')).toEqual([
      expect.stringMatching(/^Another resource declares the same person, .* See the condition Ready\.$/),
    ]);
    expect(told('Synced', 'The phone system has all that is declared')).toEqual([
      expect.stringMatching(/^The phone system has accepted all that is declared/),
    ]);
  });

  it('names the provider’s code of a port that was refused', () => {
    expect(told('PortException', 'LOCATION_MISMATCH: 1 Example Way is not on file. Ask')).toEqual([
      expect.stringMatching(/^LOCATION_MISMATCH: The losing carrier refused/),
    ]);
  });
});
