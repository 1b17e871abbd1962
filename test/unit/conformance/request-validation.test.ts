import { describe, expect, test } from 'vitest';
import { complaints } from './tiny-document.ts';

const post = { method: 'POST' } as const;
const put = { method: 'PUT', path: '/things/t1' } as const;

describe('a request', () => {
  test('that agrees with the document has nothing against it', () => {
    expect(complaints({ path: '/things?pageSize=10' })).toEqual([]);
    const requestBody = {
      name: 'desk',
      colour: null,
      part: { number: 1 },
      caller: null,
      parts: [{ number: 2 }],
    };
    expect(complaints({ ...post, requestBody })).toEqual([]);
    expect(complaints({ method: 'DELETE', path: '/things/t1', status: 204 })).toEqual([]);
  });

  test('to a path or with a method that no document declares is refused', () => {
    expect(complaints({ path: '/gadgets' })).toEqual(['request path undeclared']);
    expect(complaints({ method: 'DELETE' })).toEqual(['request path undeclared']);
  });

  test('whose path parameter breaks its pattern is refused', () => {
    expect(complaints({ path: '/things/x' })).toEqual(['request path thingId pattern']);
  });

  test('with an unknown query parameter is refused, also where no parameter is declared at all', () => {
    expect(complaints({ path: '/things?colour=RED' })).toEqual(['request query colour additionalProperties']);
    expect(complaints({ path: '/things/t1?colour=RED' })).toEqual(['request query colour undeclared']);
  });

  test('with a query parameter of the wrong type, out of range or repeated is refused', () => {
    expect(complaints({ path: '/things?pageSize=many' })).toEqual(['request query pageSize type']);
    expect(complaints({ path: '/things?pageSize=11' })).toEqual(['request query pageSize maximum']);
    expect(complaints({ path: '/things?pageSize=1&pageSize=2' })).toEqual([
      'request query pageSize repeated',
    ]);
  });

  test('with a header that is malformed or undeclared is refused', () => {
    expect(complaints({ requestHeaders: { 'x-request-id': 'seven' } })).toEqual([
      'request header x-request-id format',
    ]);
    expect(complaints({ requestHeaders: { 'x-tenant': 'a' } })).toEqual([
      'request header x-tenant undeclared',
    ]);
  });

  test('without a key, or that accepts nothing which the operation answers, is refused', () => {
    expect(complaints({ requestHeaders: { 'x-api-key': '' } })).toEqual(['request header x-api-key missing']);
    expect(complaints({ requestHeaders: { accept: 'text/html' } })).toEqual([
      'request header accept mediaType',
    ]);
    expect(complaints({ requestHeaders: { accept: 'text/html, application/*;q=0.5' } })).toEqual([]);
  });

  test('with another media type is refused, and its body is checked nevertheless', () => {
    const requestHeaders = { 'content-type': 'application/json' };
    expect(complaints({ ...post, requestHeaders, requestBody: { name: 'x' } })).toEqual([
      'request mediaType undeclared',
      'request body /name minLength',
    ]);
  });

  test('without a body where one is required, or with one where none is declared, is refused', () => {
    expect(
      complaints({ ...post, requestHeaders: { 'content-type': 'application/vnd.things.v1+json' } }),
    ).toEqual(['request body missing']);
    expect(complaints({ requestBody: { name: 'desk' } })).toEqual(['request body undeclared']);
  });

  test('whose body has an unknown member, a wrong type, value or format, or a null, is refused by its place', () => {
    const requestBody = {
      name: null,
      email: 'nobody',
      colour: 'GREEN',
      size: null,
      part: { number: '1', weight: 2 },
    };
    expect(complaints({ ...post, requestBody }).sort()).toEqual([
      'request body /colour enum',
      'request body /email format',
      'request body /name type',
      'request body /part/number type',
      'request body /part/weight additionalProperties',
      'request body /size enum',
    ]);
    expect(complaints({ ...post, requestBody: {} })).toEqual(['request body /name required']);
  });

  test('that sends a read-only member is refused', () => {
    expect(complaints({ ...post, requestBody: { id: 't9', name: 'desk' } })).toEqual([
      'request body /id readOnly',
    ]);
  });
});

describe('what came from a GET', () => {
  const previous = { id: 't1', name: 'desk', legacy: { a: 1 }, parts: [{ serial: 's1' }, { serial: 's2' }] };

  test('may be sent back unchanged, read-only and undeclared members included', () => {
    const requestBody = { ...previous, name: 'chair', parts: [{ serial: 's2' }] };
    expect(complaints({ ...put, previous, requestBody })).toEqual([]);
  });

  test('may not be sent back changed', () => {
    const requestBody = { ...previous, id: 't2', legacy: { a: 2 }, parts: [{ serial: 's3' }] };
    expect(complaints({ ...put, previous, requestBody }).sort()).toEqual([
      'request body /id readOnly',
      'request body /legacy additionalProperties',
      'request body /parts/0/serial readOnly',
    ]);
  });

  test('does not make a writable member valid that is not', () => {
    const broken = { name: 'd' };
    expect(complaints({ ...put, previous: broken, requestBody: broken })).toEqual([
      'request body /name minLength',
    ]);
  });
});
