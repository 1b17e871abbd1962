import { describe, expect, test } from 'vitest';
import { complaints } from './tiny-document.ts';

describe('an answer', () => {
  test('with a status that the operation does not declare is refused', () => {
    expect(complaints({ status: 201 })).toEqual(['response status undeclared']);
  });

  test('with an undeclared error status still has its body held against the declared error shape', () => {
    const responseHeaders = { 'content-type': 'application/json' };
    const requestBody = { name: 'desk' };
    const parts = { method: 'POST', status: 401, requestBody, responseHeaders } as const;
    expect(complaints({ ...parts, responseBody: { code: 7 } })).toEqual([
      'response status undeclared',
      'response header x-response-id undeclared',
      'response body /code type',
    ]);
  });

  test('with another media type is refused', () => {
    expect(complaints({ responseHeaders: { 'content-type': 'application/json' } })).toEqual([
      'response mediaType undeclared',
    ]);
    expect(
      complaints({ responseHeaders: { 'content-type': 'Application/Vnd.Things.V1+JSON; charset=utf-8' } }),
    ).toEqual([]);
  });

  test('whose body has an unknown member, a wrong type, value or format, or a null, is refused by its place', () => {
    const responseBody = {
      id: null,
      createdTime: 'yesterday',
      colour: 'GREEN',
      part: null,
      caller: { number: 1, spare: true },
    };
    expect(complaints({ responseBody }).sort()).toEqual([
      'response body /caller/spare additionalProperties',
      'response body /colour enum',
      'response body /createdTime format',
      'response body /name required',
      'response body /part type',
    ]);
  });

  test('may carry read-only members', () => {
    expect(
      complaints({ responseBody: { id: 't1', createdTime: '2026-01-05T09:00:00Z', name: 'desk' } }),
    ).toEqual([]);
  });

  test('with a declared header that is malformed, or with an undeclared one, is refused', () => {
    expect(complaints({ responseHeaders: { 'x-response-id': 'none' } })).toEqual([
      'response header x-response-id format',
    ]);
    expect(complaints({ responseHeaders: { 'x-remaining': '3' } })).toEqual([
      'response header x-remaining undeclared',
    ]);
  });

  test('that must have no body is refused with one', () => {
    const parts = { method: 'DELETE', path: '/things/t1', status: 204 } as const;
    expect(complaints(parts)).toEqual([]);
    expect(complaints({ ...parts, responseBody: {} })).toEqual(['response body undeclared']);
  });
});
