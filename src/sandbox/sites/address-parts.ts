import type { JsonObject } from '../../foundation/json.ts';
import { BodyReader } from '../body-reader.ts';

const limits = {
  organization: 128,
  building: 128,
  streetNumber: 45,
  streetName: 128,
  dependentStreet: 128,
  secondaryLocation: 45,
  city: 45,
  dependentCity: 45,
  state: 45,
  county: 45,
  postal: 45,
  zip4: 45,
} as const;

/**
 * Reads the published AddressCreate schema and normalises it as a validation provider would: street in
 * capitals, a leading compass direction apart, ZIP+4 split. Throws 400 with all faults. The city Nowhere
 * stands for an address that the provider does not find.
 */
export function readAddress(body: JsonObject): JsonObject {
  const reader = new BodyReader(body);
  const parts: Record<string, string> = {};
  for (const [name, max] of Object.entries(limits)) {
    const value = reader.text(name, { min: 1, max })?.trim();
    if (value) parts[name] = value;
  }
  const country = reader.text('country')?.trim().toUpperCase();
  if (!country) reader.fault('country', 'Required field is missing');
  else if (!/^[A-Z]{2}$/.test(country)) reader.fault('country', 'Invalid country code');
  if (parts.city?.toLowerCase() === 'nowhere') {
    reader.fault('city', 'Validation provider returned a different address');
    if (parts.streetName) reader.fault('streetName', 'Validation provider returned a different address');
  }
  reader.finish();
  if (country) parts.country = country;
  return normalise(parts);
}

function normalise(parts: Record<string, string>): JsonObject {
  const normalised = { ...parts };
  if (parts.state) normalised.state = parts.state.toUpperCase();
  if (parts.secondaryLocation) normalised.secondaryLocation = parts.secondaryLocation.toUpperCase();
  if (parts.streetName) {
    const street = parts.streetName.toUpperCase().replace(/\s+/g, ' ');
    const directed = /^(N|S|E|W|NE|NW|SE|SW) (.+)$/.exec(street);
    normalised.streetName = directed?.[2] ?? street;
    if (directed?.[1]) normalised.preDirectional = directed[1];
  }
  const zip = parts.country === 'US' ? /^(\d{5})-(\d{4})$/.exec(parts.postal ?? '') : null;
  if (zip?.[1] && zip[2]) {
    normalised.postal = zip[1];
    normalised.zip4 = zip[2];
  }
  return normalised;
}

/** Such as `7 W 34TH ST, 613, New York NY, 10001`. */
export function displayForm(parts: JsonObject): string {
  const words = (...names: string[]) =>
    names
      .map((name) => parts[name])
      .filter((value) => typeof value === 'string')
      .join(' ');
  return [
    words('organization'),
    words('building'),
    words('streetNumber', 'preDirectional', 'streetName'),
    words('dependentStreet'),
    words('secondaryLocation'),
    words('city', 'state'),
    words('postal'),
  ]
    .filter((line) => line !== '')
    .join(', ');
}
