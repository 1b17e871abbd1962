import { isJsonObject, type Json } from '../foundation/json.ts';

/**
 * Whether a licence came by itself with a phone number, and must never be sent (8x8 guide: users); the published
 * schema tells it by name only.
 */
export function isDidLicense(license: Json): boolean {
  if (!isJsonObject(license)) return false;
  if (license.type === 'DID') return true;
  return typeof license.name === 'string' && /\bDID\b/i.test(license.name);
}
