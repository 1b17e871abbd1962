import { describe, expect, it } from 'vitest';
import { Claims, declaresToo } from './claims.ts';

const claimant = (name: string) => ({ ref: { kind: 'Extension', namespace: 'acme', name } });
const [a, b, c] = [claimant('a'), claimant('b'), claimant('c')];

function settled(strengths: Readonly<Record<string, number>>, ...claimants: (typeof a)[]) {
  const claims = new Claims<typeof a>(({ ref }) => strengths[ref.name] ?? 0);
  for (const one of claimants) claims.add(one, 'it');
  const { owners, lost } = claims.settle();
  return {
    owner: owners.get('it')?.ref.name,
    lost: lost.map(({ claimant: one, rival }) => `${one.ref.name} to ${rival.ref.name}`),
  };
}

describe('what several resources declare', () => {
  it('is its only claimant’s, however weak the claim', () => {
    expect(settled({}, a)).toEqual({ owner: 'a', lost: [] });
  });

  it('is one claimant’s who names it twice', () => {
    expect(settled({}, a, a)).toEqual({ owner: 'a', lost: [] });
  });

  it('stays with whoever has it', () => {
    expect(settled({ b: 1 }, a, b, c)).toEqual({ owner: 'b', lost: ['a to b', 'c to b'] });
  });

  it('goes to the firmest of those who have it', () => {
    expect(settled({ a: 1, c: 2 }, a, b, c)).toEqual({ owner: 'c', lost: ['a to c', 'b to c'] });
  });

  it('is nobody’s where nobody has it, and each is told of another', () => {
    expect(settled({}, a, b, c)).toEqual({ owner: undefined, lost: ['a to b', 'b to a', 'c to a'] });
  });

  it('is nobody’s where several have it as firmly', () => {
    expect(settled({ a: 1, b: 1 }, a, b).owner).toBeUndefined();
  });

  it('is told of in words', () => {
    expect(declaresToo(a, 'phone number')).toBe('Extension a declares the same phone number');
  });
});
