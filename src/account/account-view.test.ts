import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../foundation/json.ts';
import { AccountView } from './account-view.ts';
import { observed, observedAccount, type Rows } from './testing/observed.ts';

const revised = { userId: 'id-jane', userName: 'jane', lastUpdatedTime: '2026-01-05T00:00:00Z' };
const row: JsonObject = { basicInfo: revised, directoryInfo: { department: 'Sales' } };
const single: JsonObject = {
  basicInfo: { ...revised, locale: 'en-US' },
  directoryInfo: { department: 'Sales', jobTitle: 'Clerk' },
};

/** A view that read an empty list of users at time 1, and then these. */
function viewOf(...seen: readonly (readonly [JsonObject, Rows, number])[]): AccountView {
  const view = new AccountView();
  view.adopt(observedAccount({ user: [] }));
  for (const [body, rows, readAt] of seen) view.observe(observed('user', body, rows, readAt));
  return view;
}

const listed = (users: readonly JsonObject[], readAt: number) => observedAccount({ user: users }, { readAt });
const jane = (view: AccountView) => view.get('user', 'id-jane');
const titled = (jobTitle: string): JsonObject => ({ basicInfo: revised, directoryInfo: { jobTitle } });

describe('the account view', () => {
  it('never replaces a newer reading by an older one', () => {
    const view = viewOf([titled('Manager'), 'single', 5], [titled('Clerk'), 'single', 3]);
    expect(jane(view)?.body).toEqual(titled('Manager'));
    view.adopt(listed([titled('Clerk')], 4));
    expect(jane(view)?.body).toEqual(titled('Manager'));
  });

  it('keeps what a row hides from a single read with the same lastUpdatedTime', () => {
    const view = viewOf([single, 'single', 2]);
    view.adopt(listed([row], 3));
    expect(jane(view)).toMatchObject({ source: 'single', body: single, readAt: 3 });
  });

  it('lets the members that a row does show win', () => {
    const view = viewOf([single, 'single', 2]);
    view.adopt(listed([{ ...row, directoryInfo: { department: 'Support' } }], 3));
    expect(jane(view)?.body.directoryInfo).toEqual({ department: 'Support', jobTitle: 'Clerk' });
  });

  it('forgets the single read once a row has another lastUpdatedTime', () => {
    const view = viewOf([single, 'single', 2]);
    view.adopt(listed([{ basicInfo: { ...revised, lastUpdatedTime: '2026-01-06T00:00:00Z' } }], 3));
    expect(jane(view)?.source).toBe('row');
    expect(jane(view)?.body).not.toHaveProperty('directoryInfo');
  });

  it('forgets the single read when nothing tells whether the object changed', () => {
    const bare: JsonObject = { basicInfo: { userId: 'id-jane' } };
    const view = viewOf([{ ...bare, directoryInfo: { jobTitle: 'Clerk' } }, 'single', 2]);
    view.adopt(listed([bare], 3));
    expect(jane(view)?.source).toBe('row');
  });

  it('overlays list elements by id, and drops those that the row no longer has', () => {
    const extensions = (...list: readonly JsonObject[]): JsonObject => ({
      basicInfo: revised,
      serviceInfo: { extensions: list },
    });
    const known = extensions({ id: 'e1', number: '1001', hotDesk: true }, { id: 'e2', number: '1002' });
    const view = viewOf([known, 'single', 2]);
    view.adopt(listed([extensions({ id: 'e1', number: '1009' })], 3));
    expect(jane(view)?.body).toEqual(extensions({ id: 'e1', number: '1009', hotDesk: true }));
  });

  it('does not drop what was created after a listing began', () => {
    const view = viewOf([single, 'single', 7]);
    view.adopt(listed([], 6));
    expect(jane(view)?.body).toEqual(single);
  });

  it('drops what a listing that began later no longer has, without taking it for surely gone', () => {
    const view = viewOf([single, 'single', 2]);
    view.adopt(listed([], 6));
    expect(jane(view)).toBeUndefined();
    expect(view.gone).toEqual(new Set());
  });

  it('keeps what it knew of a collection that could not be read this time', () => {
    const view = viewOf([single, 'single', 2]);
    view.adopt(observedAccount({ user: 'unknown' }));
    expect(jane(view)?.body).toEqual(single);
  });

  it('says that a collection is not known until it was read once', () => {
    expect(new AccountView().collections.user).toEqual({ state: 'unknown', reason: 'Not read yet' });
  });

  it('takes an object that answered 404 for gone until it is seen again', () => {
    const view = viewOf([single, 'single', 2]);
    view.forget('user', 'id-jane');
    expect(jane(view)).toBeUndefined();
    expect(view.gone.has('user/id-jane')).toBe(true);
    view.observe(observed('user', single, 'single', 3));
    expect(view.gone.has('user/id-jane')).toBe(false);
  });
});
