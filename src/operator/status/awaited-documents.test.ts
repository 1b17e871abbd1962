import { expect, it } from 'vitest';
import { port } from '../../account/testing/resources.ts';
import type { JsonObject } from '../../foundation/json.ts';
import { awaitedDocuments } from './awaited-documents.ts';

/** The YAML has a letter of authority and no bill. */
const said = (order: JsonObject) => awaitedDocuments(order, port('main').spec);

it('names what the provider has not got, and where it is declared', () => {
  const documents = { letterOfAuthority: 'doc-1', bill: null };
  expect(said({ documents, providerStatus: 'Waiting for a recent bill' })).toBe(
    'The provider waits for a recent bill; it says "Waiting for a recent bill". Declare spec.documents.bill: from a Secret, or by the id of an upload',
  );
  expect(said({ documents: { letterOfAuthority: null, bill: null } })).toContain(
    'the letter of authority and a recent bill. Declare spec.documents.letterOfAuthority and spec.documents.bill',
  );
});

it('names what nobody declared where the provider does not show what it has', () => {
  expect(said({})).toContain('spec.documents.bill');
  expect(said({})).not.toContain('letterOfAuthority');
});

it('repeats the provider, who waits for others than letter and bill', () => {
  const documents = { letterOfAuthority: 'doc-1', bill: 'doc-2' };
  expect(said({ documents, providerStatus: 'Bill is too old' })).toMatch(
    /though it has letter and bill; it says "Bill is too old"/,
  );
});
