import { describe, expect, test } from 'vitest';
import { isAccountKind, isKind, phoneSystemOf } from './kinds.ts';
import { compareReferences, formatReference, referenceTo, resourceKey } from './reference.ts';

const jane = { kind: 'UserProfile', namespace: 'acme', name: 'jane' };

describe('a reference', () => {
  test('reads as kind and name, and its key holds the namespace too', () => {
    expect(formatReference(jane)).toBe('UserProfile jane');
    expect(resourceKey(jane)).toBe('UserProfile/acme/jane');
  });

  test('has the same key whatever its uid', () => {
    expect(resourceKey({ ...jane, uid: 'b' })).toBe(resourceKey(jane));
  });

  test('is taken from a resource; a file without a namespace means default', () => {
    const metadata = { name: 'jane', namespace: 'acme', uid: 'u' };
    expect(referenceTo({ kind: 'UserProfile', metadata })).toEqual({ ...jane, uid: 'u' });
    expect(referenceTo({ kind: 'UserProfile', metadata: { name: 'jane' } })).toEqual({
      ...jane,
      namespace: 'default',
    });
  });

  test('sorts the same way on every machine', () => {
    const zoe = { ...jane, name: 'zoe' };
    const desk = { ...jane, kind: 'Extension', name: 'zz' };
    expect([zoe, jane, desk].sort(compareReferences)).toEqual([desk, jane, zoe]);
    expect(compareReferences(jane, { ...jane })).toBe(0);
  });
});

describe('a kind', () => {
  test('is known by its exact name', () => {
    expect(isKind('PhoneSystem')).toBe(true);
    expect(isKind('phonesystem')).toBe(false);
    expect(isAccountKind('PhoneSystem')).toBe(false);
    expect(isAccountKind('PortingOrder')).toBe(true);
  });

  test('belongs to the PhoneSystem called default when it names none', () => {
    const report = {
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'DriftReport',
      metadata: { name: 'x' },
    } as const;
    expect(phoneSystemOf(report)).toBe('default');
    expect(phoneSystemOf({ ...report, spec: { phoneSystem: 'two' } })).toBe('two');
  });

  test('PhoneSystem belongs to itself', () => {
    const spec = { endpoint: 'https://phone.example.com', apiKeySecretRef: { name: 'k', key: 'v' } };
    expect(
      phoneSystemOf({
        apiVersion: 'dialops.dev/v1alpha1',
        kind: 'PhoneSystem',
        metadata: { name: 'two' },
        spec,
      }),
    ).toBe('two');
  });
});
