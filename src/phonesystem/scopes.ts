import type { Problem } from './errors.ts';

/** The product that a key needs for every asynchronous write, besides that of the collection (8x8 guide: key scopes). */
export const adminOperations = 'UC & CC Admin Operations';

/** The products that keys are made for (8x8 guide: key scopes). */
const products = [
  adminOperations,
  'UC & CC User Admin',
  'UC & CC Number Admin',
  'UC Ring Group Admin',
  'UC Site Admin',
] as const;

/**
 * What a key lacks after a 403: the scope that the answer names, else the one that the operation is known to need. None
 * where the answer is about something else: a field, or another customer's object (8x8 guide: error handling).
 */
export function lackedScope({ fields, message = '' }: Problem, needed: string): string | undefined {
  if (fields.some(({ field }) => field !== undefined)) return undefined;
  const words = [message, ...fields.map((field) => field.message ?? '')].join('\n').toLowerCase();
  const named = products.find((product) => words.includes(product.toLowerCase()));
  if (named !== undefined) return named;
  return /customer ?id/.test(words) ? undefined : needed;
}
