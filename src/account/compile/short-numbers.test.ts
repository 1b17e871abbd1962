import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { Extension } from '../../resources/generated/extension.ts';
import { bound, compiled, declared, memories, messageOf, problemsOf } from '../testing/engine.ts';
import { observedAccount, userBody } from '../testing/observed.ts';
import { deleting, extension, profile } from '../testing/resources.ts';

const people = ['jane', 'omar'].map((name) => profile(name));

/** Extensions of users as `name user has wants`; `wants` left out: no YAML declares it. */
type Line = readonly [name: string, user: string, has: string, wants?: string];

function line([name, user, , wants = '']: Line, more: Partial<Extension['spec']> = {}): Extension {
  return { ...extension(user, wants, more), metadata: { name, namespace: 'acme' } };
}

function account(lines: readonly Line[], change: (resource: Extension) => Extension = (same) => same) {
  const seen = (user: string): JsonObject =>
    userBody(user, {
      serviceInfo: {
        extensions: lines
          .filter(([, owner]) => owner === user)
          .map(([name, , has]) => ({ id: `id-${name}`, extensionNumber: has, extensionType: 'UC' })),
      },
    });
  const declaredLines = lines.filter(([, , , wants]) => wants !== undefined);
  const desired = compiled([...people, ...declaredLines.map((each) => change(line(each)))], {
    observed: observedAccount({ user: ['jane', 'omar'].map(seen) }, { rows: 'single' }),
    memory: memories(
      ...people.map((person) => bound(person, `id-${person.metadata.name}`)),
      ...declaredLines.map((each) => bound(line(each), `id-${each[0]}`)),
    ),
  });
  /** Whether the number is written, or the reason why not. */
  const fate = (name: string) => {
    const of = lines.find(([each]) => each === name);
    if (!of) return undefined;
    const path = `serviceInfo.extensions[id=id-${name}].extensionNumber`;
    const values = declared(desired, `user/UserProfile/acme/${of[1]}`);
    return problemsOf(desired, line(of)).join() || values[path];
  };
  const message = (name: string) =>
    messageOf(desired, line(lines.find(([each]) => each === name) ?? lines[0] ?? ['', '', '']));
  return { fate, message };
}

describe('the number of an extension', () => {
  it('is taken once another extension has left it', () => {
    const { fate, message } = account([
      ['desk', 'jane', '1001', '1002'],
      ['lab', 'omar', '1002', '1003'],
    ]);
    expect(fate('desk')).toBe('WaitingForDependency number');
    expect(message('desk')).toContain('Extension lab');
    expect(fate('lab')).toBe('1003');
    expect(
      account([
        ['desk', 'jane', '1001', '1002'],
        ['lab', 'omar', '1003', '1003'],
      ]).fate('desk'),
    ).toBe('1002');
  });

  it('is taken at once from an extension of the same user, in a circle too', () => {
    const row = account([
      ['desk', 'jane', '1001', '1002'],
      ['lab', 'jane', '1002', '1003'],
    ]);
    expect([row.fate('desk'), row.fate('lab')]).toEqual(['1002', '1003']);
    const circle = account([
      ['desk', 'jane', '1001', '1002'],
      ['lab', 'jane', '1002', '1001'],
    ]);
    expect([circle.fate('desk'), circle.fate('lab')]).toEqual(['1002', '1001']);
  });

  it('is not swapped with that of another user: no order is safe, and both say how to do it', () => {
    const { fate, message } = account([
      ['desk', 'jane', '1001', '1002'],
      ['lab', 'omar', '1002', '1001'],
    ]);
    expect([fate('desk'), fate('lab')]).toEqual(['Conflict number', 'Conflict number']);
    expect(message('desk')).toMatch(/Extension desk, Extension lab.*free number/);
    expect(message('lab')).toMatch(/Extension lab, Extension desk.*free number/);
  });

  it('is not taken in a circle of three of which two are one user’s', () => {
    const { fate } = account([
      ['desk', 'jane', '1001', '1002'],
      ['lab', 'jane', '1002', '1003'],
      ['hall', 'omar', '1003', '1001'],
    ]);
    expect(['desk', 'lab', 'hall'].map(fate)).toEqual(new Array(3).fill('Conflict number'));
  });

  it('waits behind one that waits, of the same user too', () => {
    const { fate } = account([
      ['desk', 'jane', '1001', '1002'],
      ['lab', 'jane', '1002', '1003'],
      ['hall', 'omar', '1003', '1004'],
    ]);
    expect(['desk', 'lab', 'hall'].map(fate)).toEqual([
      'WaitingForDependency number',
      'WaitingForDependency number',
      '1004',
    ]);
  });

  it('is not asked for where an extension that nobody declares has it', () => {
    const { fate, message } = account([
      ['desk', 'jane', '1001', '1002'],
      ['other', 'omar', '1002'],
    ]);
    expect(fate('desk')).toBe('Conflict number');
    expect(message('desk')).toContain('id-other');
  });

  it.each([
    [
      'paused',
      (each: Extension) => ({
        ...each,
        metadata: { ...each.metadata, annotations: { 'dialops.dev/paused': 'true' } },
      }),
    ],
    [
      'on its way out',
      (each: Extension) => deleting({ ...each, spec: { ...each.spec, deletionPolicy: 'Delete' as const } }),
    ],
  ])('waits for one that is %s', (_how, change) => {
    const { fate } = account(
      [
        ['desk', 'jane', '1001', '1002'],
        ['lab', 'omar', '1002', '1001'],
      ],
      (each) => (each.metadata.name === 'lab' ? change(each) : each),
    );
    expect(fate('desk')).toBe('WaitingForDependency number');
  });
});
