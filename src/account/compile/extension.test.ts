import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../foundation/json.ts';
import type { Extension } from '../../resources/generated/extension.ts';
import type { AccountResource } from '../../resources/kinds.ts';
import { bound, compiled, declared, memories, messageOf, problemsOf, type World } from '../testing/engine.ts';
import { type Bodies, observedAccount, userBody } from '../testing/observed.ts';
import { extension, port, profile, sharedExtension } from '../testing/resources.ts';

const jane = profile('jane');
const omar = profile('omar');
const user = 'user/UserProfile/acme/jane';
const number = '+14085550101';
const free: JsonObject = { phoneNumber: number, status: 'AVAILABLE' };

/** A user who has one extension, `ext-<name>`, with these phone numbers. */
function withLine(name: string, extensionNumber: string, ...phoneNumbers: string[]): JsonObject {
  const line = {
    id: `ext-${name}`,
    extensionNumber,
    phoneNumbers: phoneNumbers.map((phoneNumber) => ({ phoneNumber })),
  };
  return userBody(name, { serviceInfo: { extensions: [line] } });
}

function desiredOf(
  resources: readonly AccountResource[],
  bodies: Bodies,
  memory: World['memory'] = new Map(),
) {
  return compiled([jane, omar, ...resources], {
    observed: observedAccount({ user: [userBody('jane'), userBody('omar')], ...bodies }),
    memory: memories(bound(jane, 'id-jane'), bound(omar, 'id-omar'), memory),
  });
}

describe('the place of an extension', () => {
  it('is its user, named by number until it has an id', () => {
    const desired = desiredOf([extension('jane', '1001', { callWaiting: true })], {});
    expect(declared(desired, user)).toMatchObject({
      'serviceInfo.extensions[extensionNumber=1001].callWaitingEnabled': true,
    });
  });

  it('must not contradict the site of its user', () => {
    const away = extension('jane', '1001', { site: { name: 'Shelbyville' } });
    expect(problemsOf(desiredOf([away], {}), away)).toEqual(['InvalidField site']);
  });

  it('must be declared where it has no user', () => {
    const nowhere = sharedExtension('lobby', '1001');
    expect(problemsOf(desiredOf([nowhere], { extension: [] }), nowhere)).toEqual(['InvalidField site']);
  });

  it('is one resource for each site and number', () => {
    const [first, second] = [extension('jane', '1001'), extension('omar', '1001')];
    const desired = desiredOf([first, second], {});
    expect(problemsOf(desired, first)).toEqual(['Conflict number']);
    expect(problemsOf(desired, second)).toEqual(['Conflict number']);
    const settled = desiredOf(
      [first, second],
      { user: [userBody('jane'), withLine('omar', '1001')] },
      bound(second, 'ext-omar'),
    );
    expect(problemsOf(settled, first)).toContain('Conflict number');
    expect(problemsOf(settled, second)).toEqual([]);
    const elsewhere = sharedExtension('lobby', '1001', { site: { name: 'Shelbyville' } });
    expect(
      problemsOf(desiredOf([extension('jane', '1001'), elsewhere], { extension: [] }), elsewhere),
    ).toEqual([]);
  });

  it('is not taken over from somebody who made it by hand, unless it adopts', () => {
    const bodies = { user: [withLine('jane', '1001'), userBody('omar')] };
    const line = extension('jane', '1001');
    expect(problemsOf(desiredOf([line], bodies), line)).toEqual(['Conflict number']);
    const adopting = extension('jane', '1001', { adoptionPolicy: 'IfUnclaimed' });
    expect(Object.keys(declared(desiredOf([adopting], bodies), user))).toContain(
      'serviceInfo.extensions[id=ext-jane].extensionNumber',
    );
    const other = extension('other', '1002');
    const held = desiredOf([adopting], bodies, bound(other, 'ext-jane'));
    expect(problemsOf(held, adopting)).toEqual(['Conflict number']);
    expect(messageOf(held, adopting)).toMatch(
      /belongs to Extension other; .*another spec\.number.* deletionPolicy: Orphan/,
    );
  });

  it('is not supported without a user where the endpoint has no API for it', () => {
    const lobby = sharedExtension('lobby', '1001', { site: { name: 'Springfield HQ' } });
    expect(problemsOf(desiredOf([lobby], {}), lobby)).toEqual(['Unsupported']);
  });
});

describe('the directory flag of a UC extension', () => {
  const listed = extension('jane', '1001', { directory: { visible: false } });

  it("takes its user's along", () => {
    expect(declared(desiredOf([listed], {}), user)).toMatchObject({
      'serviceInfo.extensions[extensionNumber=1001].displayInDirectory': false,
      'directoryInfo.displayInDirectory': false,
    });
  });

  it("is left out where it contradicts its user's", () => {
    const desired = compiled([profile('jane', { directory: { visible: true } }), listed]);
    expect(problemsOf(desired, listed)).toEqual(['Conflict directory.visible']);
    expect(declared(desired, user)).toMatchObject({ 'directoryInfo.displayInDirectory': true });
  });
});

describe('a phone number', () => {
  const field = `phoneNumbers[${number}]`;
  const wanting = (name: string, short: string, spec: Partial<Extension['spec']> = {}) =>
    extension(name, short, { phoneNumbers: [{ number }], ...spec });

  it('is given where the inventory has it free', () => {
    const line = wanting('jane', '1001');
    const desired = desiredOf([line], { phoneNumber: [free] });
    expect(problemsOf(desired, line)).toEqual([]);
    const path = `serviceInfo.extensions[extensionNumber=1001].phoneNumbers[phoneNumber=${number}].phoneNumber`;
    expect(declared(desired, user)[path]).toBe(number);
  });

  it('is refused where the inventory does not have it', () => {
    const line = wanting('jane', '1001');
    expect(problemsOf(desiredOf([line], { phoneNumber: [] }), line)).toEqual([`ReferenceNotFound ${field}`]);
  });

  it('is refused where something that no YAML declares uses it', () => {
    const line = wanting('jane', '1001');
    const phoneNumber = [{ phoneNumber: number, status: 'ASSIGNED' }];
    const nobodyHas = ['jane', 'omar'].map((name) => userBody(name, { serviceInfo: { extensions: [] } }));
    const desired = desiredOf([line], { user: nobodyHas, phoneNumber });
    expect(problemsOf(desired, line)).toEqual([`Conflict ${field}`]);
  });

  it('is nobody’s to complain of while rows hide who has it', () => {
    const line = wanting('jane', '1001');
    const phoneNumber = [{ phoneNumber: number, status: 'ASSIGNED' }];
    expect(problemsOf(desiredOf([line], { phoneNumber }), line)).toEqual([]);
    const janes = userBody('jane', { serviceInfo: { extensions: [] } });
    const user = [janes, userBody('omar')];
    expect(problemsOf(desiredOf([line], { user, phoneNumber }), line)).toEqual([`NotRead ${field}`]);
  });

  it('is refused where it is not E.164', () => {
    const line = extension('jane', '1001', { phoneNumbers: [{ number: '555-0101' }] });
    expect(problemsOf(desiredOf([line], { phoneNumber: [] }), line)).toEqual([
      'InvalidField phoneNumbers[555-0101]',
    ]);
  });

  const held = { user: [userBody('jane'), withLine('omar', '1002', number)], phoneNumber: [free] };

  it('stays with who has it when two declare it', () => {
    const [rival, holder] = [wanting('jane', '1001'), wanting('omar', '1002')];
    const desired = desiredOf([rival, holder], held, bound(holder, 'ext-omar'));
    expect(problemsOf(desired, rival)).toEqual([`Conflict ${field}`]);
    expect(messageOf(desired, rival)).toContain('Extension omar');
    expect(problemsOf(desired, holder)).toEqual([]);
  });

  it('is handed over in two steps: first its holder lets go', () => {
    const [next, holder] = [wanting('jane', '1001'), extension('omar', '1002')];
    const desired = desiredOf([next, holder], held, bound(holder, 'ext-omar'));
    expect(problemsOf(desired, next)).toEqual([`WaitingForDependency ${field}`]);
    const path = `serviceInfo.extensions[id=ext-omar].phoneNumbers[phoneNumber=${number}]`;
    expect(declared(desired, 'user/UserProfile/acme/omar')[path]).toBe('absent');
  });

  it('is not taken from an extension that nobody manages', () => {
    const line = wanting('jane', '1001');
    const desired = desiredOf([line], held);
    expect(problemsOf(desired, line)).toEqual([`Conflict ${field}`]);
    expect(messageOf(desired, line)).toContain('ext-omar');
  });

  const final = '+14085550177';
  const order = port('main', { numbers: [{ number: final, replaces: { temporaryNumber: number } }] });

  it('counts as the same as the temporary number that stands in for it', () => {
    const [holder, rival] = [
      wanting('omar', '1002'),
      extension('jane', '1001', { phoneNumbers: [{ number: final }] }),
    ];
    const desired = desiredOf([order, holder, rival], held, bound(holder, 'ext-omar'));
    expect(problemsOf(desired, rival)).toEqual([`Conflict phoneNumbers[${final}]`]);
  });

  it('is written under its final name once the port has swapped it', () => {
    const line = wanting('omar', '1002');
    const bodies = {
      user: [userBody('jane'), withLine('omar', '1002', final)],
      phoneNumber: [{ phoneNumber: final, status: 'ASSIGNED' }],
    };
    const desired = desiredOf([order, line], bodies, bound(line, 'ext-omar'));
    expect(problemsOf(desired, line)).toEqual([]);
    const path = `serviceInfo.extensions[id=ext-omar].phoneNumbers[phoneNumber=${final}].phoneNumber`;
    expect(declared(desired, 'user/UserProfile/acme/omar')[path]).toBe(final);
    expect(desired.dueEdits).toMatchObject([
      {
        resource: { name: 'omar' },
        field: 'phoneNumbers[0].number',
        to: final,
        order: { name: order.metadata.name },
      },
    ]);
  });
});
