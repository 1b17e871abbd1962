import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../account/compile/input.ts';
import { extension, grant, profile, sharedExtension } from '../../account/testing/resources.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { isKind, type Resource } from '../../resources/kinds.ts';
import type { LoadedResources } from '../../resources/loading/load-resources.ts';
import { LoadedDocument, ManifestText } from '../../resources/loading/loaded-document.ts';
import { referenceTo } from '../../resources/reference.ts';
import { dispatchableLocationDue } from './emergency-address.ts';
import { pathOfField } from './field-path.ts';
import { setFindings } from './set-findings.ts';

/** A set as if each resource had been loaded from a file of its own. */
function loaded(resources: readonly Resource[], rest: Partial<LoadedResources> = {}): LoadedResources {
  return {
    resources: resources.map((resource) => {
      const text = JSON.stringify(resource, undefined, 1);
      const object: JsonObject = JSON.parse(text);
      const file = `${resource.metadata.name}.json`;
      const source = { file, document: 0, within: [] };
      return {
        resource,
        document: new LoadedDocument(object, referenceTo(resource), source, new ManifestText(file, text)),
      };
    }),
    findings: [],
    faulty: new Set(),
    complete: true,
    passedOver: new Map(),
    files: resources.length,
    ...rest,
  };
}

function found(resources: readonly Resource[], rest?: Partial<LoadedResources>): readonly string[] {
  const options = { now: Date.parse('2030-01-01T00:00:00Z'), policyOf: () => defaultPolicy };
  return setFindings(loaded(resources, rest), options).map(
    ({ field, resource, rule }) => `${rule} ${resource?.name} ${field}`,
  );
}

describe('what only the set shows', () => {
  it('is nothing, of resources that go together', () => {
    const resources = [profile('jane'), extension('jane', '1001'), grant('jane')];
    expect(resources.every(({ kind }) => isKind(kind))).toBe(true);
    expect(found(resources)).toEqual([]);
  });

  it('is a reference that leads nowhere, unless a file could not be read or its target has a fault', () => {
    const resources = [extension('jane', '1001'), grant('jane')];
    expect(found(resources)).toEqual([
      'reference-not-found jane spec.userProfileRef',
      'reference-not-found jane spec.userProfileRef',
    ]);
    expect(found(resources, { complete: false })).toEqual([]);
    expect(found(resources, { faulty: new Set(['UserProfile/acme/jane']) })).toEqual([]);
  });

  it('is one number at one site twice, whatever the spelling of the site, but not at two sites', () => {
    const at = (name: string, site: string) => sharedExtension(name, '1001', { site: { name: site } });
    const conflicts = (...sites: readonly string[]) =>
      found(sites.map((site, index) => at(`e${index}`, site))).filter((each) => each.startsWith('conflict'));
    expect(conflicts('HQ', 'hq')).toEqual(['conflict e0 spec.number', 'conflict e1 spec.number']);
    expect(conflicts('HQ', 'Riverside')).toEqual([]);
  });

  it('is a circle of grants, said once of each', () => {
    const copy = (name: string, of: string) => {
      const { sections: _sections, pbxes: _pbxes, ...spec } = grant(name).spec;
      return {
        ...grant(name),
        spec: { ...spec, userProfileRef: { name: 'jane' }, copyFrom: { privilegeGrantRef: { name: of } } },
      };
    };
    expect(found([profile('jane'), copy('a', 'b'), copy('b', 'c'), copy('c', 'a')]).toSorted()).toEqual(
      ['a', 'b', 'c'].map((name) => `reference-cycle ${name} spec.copyFrom.privilegeGrantRef`),
    );
  });

  it('is an expired source of a copy, by the time of the check', () => {
    const source = {
      ...grant('old'),
      spec: { ...grant('old').spec, userProfileRef: { name: 'jane' }, expiresAt: '2029-12-31T00:00:00Z' },
    };
    const copy = {
      ...grant('new'),
      spec: { userProfileRef: { name: 'jane' }, copyFrom: { privilegeGrantRef: { name: 'old' } } },
    };
    expect(found([profile('jane'), source, copy])).toEqual([
      'expired-source new spec.copyFrom.privilegeGrantRef',
    ]);
  });

  it('is two profiles of one email, by its place in the second', () => {
    const twin = profile('june', { email: 'Jane@example.com', userName: 'june' });
    expect(found([profile('jane'), twin])).toEqual(['same-email june spec.email']);
  });

  it('keeps accounts apart: a name may be used in each', () => {
    const other = { ...profile('june', { userName: 'jane@example.com', phoneSystem: 'other' }) };
    expect(found([profile('jane'), other])).toEqual([]);
  });
});

describe('a dispatchable location', () => {
  const due = (numbers: readonly string[], spec = {}) =>
    dispatchableLocationDue(
      sharedExtension('desk', '1001', { phoneNumbers: numbers.map((number) => ({ number })), ...spec }),
    ) !== undefined;

  it('is due for a number of the United States or Canada', () => {
    expect(due(['+14085550123'])).toBe(true);
    expect(due(['+14165550123'])).toBe(true);
    expect(due(['+442079460123', '+14085550123'])).toBe(true);
  });

  it('is not due elsewhere, for toll-free numbers, where one is declared, or for an agent of a contact centre', () => {
    expect(due(['+442079460123'])).toBe(false);
    expect(due(['+18765550123'])).toBe(false);
    expect(due(['+18005550123'])).toBe(false);
    expect(due([])).toBe(false);
    expect(due(['+14085550123'], { emergencyAddress: { fromSite: true } })).toBe(false);
    expect(due(['+14085550123'], { type: 'CC' })).toBe(false);
  });
});

describe('a field as compile names it', () => {
  const spec = {
    callerId: { externalName: 'x' },
    phoneNumbers: [{ number: '+14085550122' }, { number: '+14085550123' }],
    devices: [{ macAddress: 'F0:1a:2B:00:00:01', model: 'X' }],
    licenses: [{ name: 'X4', country: 'US' }],
    sections: [{ name: 'Billing' }],
  };
  it.each([
    ['callerId.externalName', ['callerId', 'externalName']],
    ['phoneNumbers[+14085550123]', ['phoneNumbers', 1]],
    ['devices[F0:1A:2B:00:00:01].model', ['devices', 0, 'model']],
    ['devices[f01a2b000001]', ['devices', 0]],
    ['licenses[X4].country', ['licenses', 0, 'country']],
    ['sections[Billing@*]', ['sections', 0]],
    ['sections[Bills@*]', ['sections']],
    ['directory.visible#user', []],
    ['license#seat', []],
  ])('%s is found in the YAML', (field, path) => {
    expect(pathOfField({ spec }, field)).toEqual(['spec', ...path]);
  });
});
