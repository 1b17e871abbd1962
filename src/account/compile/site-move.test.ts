import { describe, expect, it } from 'vitest';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import { bound, compiled, messageOf, outcomeOf, planned, problemsOf, remembered } from '../testing/engine.ts';
import { observedAccount, otherSiteRow, siteRow, userBody } from '../testing/observed.ts';
import { deleting, profile } from '../testing/resources.ts';

const jane = (spec: Partial<UserProfile['spec']> = {}) =>
  profile('jane', { site: { name: otherSiteRow.name }, ...spec });
const world = {
  observed: observedAccount({ user: [userBody('jane')] }, { rows: 'single' }),
  memory: bound(jane(), 'id-jane'),
};

describe('a profile that declares another site than its user is at', () => {
  it('asks for consent and prints it', () => {
    const outcome = outcomeOf(planned([jane()], world), jane());
    expect(outcome).toMatchObject({ reason: 'ConsentRequired' });
    expect(outcome?.message).toContain(`spec.consent: [{change: MoveSite, to: "${otherSiteRow.name}"}]`);
  });

  it('never moves or deletes the user, and writes the other fields all the same', () => {
    const plan = planned([jane({ jobTitle: 'Buyer' })], world);
    expect(
      plan.changes.map(({ action, fields }) => [action, fields.map(({ path }) => path.join('.'))]),
    ).toEqual([['Update', ['directoryInfo.jobTitle']]]);
  });

  it('gives the steps that a person must take once there is consent', () => {
    const consenting = jane({ consent: [{ change: 'MoveSite', to: otherSiteRow.name }] });
    const desired = compiled([consenting], world);
    expect(problemsOf(desired, consenting)).toEqual(['Unsupported site']);
    expect(messageOf(desired, consenting)).toMatch(/delete the user in Admin Console/);
  });

  it('takes consent to a move elsewhere for none', () => {
    const elsewhere = jane({ consent: [{ change: 'MoveSite', to: 'Capital City' }] });
    expect(problemsOf(compiled([elsewhere], world), elsewhere)).toEqual(['ConsentRequired site']);
  });

  it('is made at the new site once a person has deleted the user', () => {
    const plan = planned([jane()], {
      ...world,
      observed: observedAccount({ user: [] }, { gone: ['user/id-jane'] }),
    });
    expect(plan.changes.map(({ action, gate }) => [action, gate])).toEqual([['Create', undefined]]);
    expect(plan.changes[0]?.fields.find(({ path }) => path.join('.') === 'basicInfo.site.id')?.to).toBe(
      otherSiteRow.id,
    );
  });

  describe('once a person has deleted the user, under driftPolicy Report', () => {
    const deleted = {
      ...world,
      observed: observedAccount({ user: [] }, { gone: ['user/id-jane'] }),
      driftPolicy: 'Report' as const,
    };
    const consent = [{ change: 'MoveSite' as const, to: otherSiteRow.name }];

    it('is made at the new site where that was agreed to: it is no drift, and nobody has to look for it', () => {
      const moving = jane({ consent });
      const plan = planned([moving], { ...deleted, removals: { maxCount: 0, maxPercent: 0 } });
      expect(plan.changes.map(({ action, gate }) => [action, gate])).toEqual([['Create', undefined]]);
      expect(outcomeOf(plan, moving)?.reason).toBe('Creating');
    });

    it('is only reported as missing where nobody agreed, or to another site', () => {
      for (const each of [jane(), jane({ consent: [{ change: 'MoveSite', to: 'Capital City' }] })]) {
        expect(outcomeOf(planned([each], deleted), each)?.reason).toBe('Missing');
      }
    });

    it('is reported as missing, too, long after the move that was agreed to', () => {
      const moved = jane({ consent });
      const at = observedAccount(
        { user: [userBody('jane', { basicInfo: { site: { id: otherSiteRow.id } } })] },
        { rows: 'single' },
      );
      const memory = remembered(planned([moved], { ...world, observed: at }), moved, 'id-jane');
      expect(outcomeOf(planned([moved], { ...deleted, memory }), moved)?.reason).toBe('Missing');
    });
  });

  it('says nothing while it is being deleted, or while the site of the user is not shown', () => {
    expect(problemsOf(compiled([deleting(jane())], world), jane())).toEqual([]);
    const hidden = observedAccount({ user: [userBody('jane')] }, { rows: 'sparse' });
    expect(problemsOf(compiled([jane()], { ...world, observed: hidden }), jane())).toEqual([]);
  });

  it('is content where they are the same', () => {
    const home = profile('jane', { site: { id: siteRow.id } });
    expect(problemsOf(compiled([home], world), home)).toEqual([]);
  });
});
