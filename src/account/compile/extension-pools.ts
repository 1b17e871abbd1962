import type { DeviceClaims } from './device-claims.ts';
import type { LicenseSeats } from './license-seats.ts';
import type { NumberClaims } from './number-claims.ts';
import type { ShortNumbers } from './short-numbers.ts';

/** What all extensions of an account draw on. */
export interface ExtensionPools {
  readonly seats: LicenseSeats;
  readonly claims: NumberClaims;
  readonly devices: DeviceClaims;
  readonly shortNumbers: ShortNumbers;
}
