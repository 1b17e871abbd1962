/** Values that several published schemas share. */

export const locales: readonly string[] = (
  'da-DK de-DE en-AU en-GB en-US es-ES fi-FI fr-BE fr-CA fr-CH fr-FR it-IT ja-JP nl-BE nl-NL no-NO pl-PL ' +
  'pt-BR pt-PT sv-SE zh-CN'
).split(' ');

export const dialPlanRulesets = ['INTERNATIONAL', 'DOMESTIC', 'EMERGENCYONLY'] as const;

export const e164 = /^\+\d{5,15}$/;

/** Dial plan of a country (8x8 guide: users); countries without one of their own use the international plan. */
export function dialPlanOf(country: string): string {
  const plans: Readonly<Record<string, string>> = {
    US: 'NANP',
    CA: 'NANP',
    GB: 'UKNP',
    FR: 'FRNP',
    DE: 'DENP',
  };
  return plans[country] ?? 'INTL';
}

export const mediaTypeNames = {
  users: 'application/vnd.users.v1+json',
  ringGroups: 'application/vnd.ringgroups.v1+json',
  updateMembers: 'application/vnd.ringgroups.update-members.v1+json',
  sites: 'application/vnd.sites.v1+json',
  addresses: 'application/vnd.addresses.v1+json',
  phoneNumbers: 'application/vnd.phonenumbers.v1+json',
  operations: 'application/vnd.operations.v1+json',
  json: 'application/json',
} as const;
