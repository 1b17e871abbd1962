import { inviteAnnotation } from '../../resources/annotations.ts';
import type { UserProfile } from '../../resources/generated/user-profile.ts';
import { digest } from '../digest.ts';

/** Longer ones would not fit into a status, where the answered one is kept. */
const maxLength = 128;

/**
 * What a profile's annotation asks for another invitation by: its value, or where that is long its fingerprint.
 * Undefined when it does not ask.
 */
export function inviteToken(profile: UserProfile): string | undefined {
  const value = profile.metadata.annotations?.[inviteAnnotation];
  return value === undefined || value.length <= maxLength ? value : digest(value);
}

const separator = '#';

/** The field that an invitation is declared under. */
export function inviteField(token: string | undefined): string {
  return token === undefined ? 'invitation' : `invitation${separator}${token}`;
}

/** The token in a field; undefined for the first invitation, which nobody asked for. */
export function tokenOfField(field: string): string | undefined {
  const at = field.indexOf(separator);
  return at < 0 ? undefined : field.slice(at + separator.length);
}
