import { externalIdAnnotation } from '../../src/resources/annotations.ts';
import type { Extension } from '../../src/resources/generated/extension.ts';
import type { UserProfile } from '../../src/resources/generated/user-profile.ts';
import type { AccountResource } from '../../src/resources/kinds.ts';
import { type Company, seedCompany } from '../../src/sandbox/company.ts';

/** How large a benchmark's company is. */
export interface Size {
  readonly users: number;
  readonly ringGroups: number;
  readonly sites: number;
}

export const fullSize: Size = { users: 10_000, ringGroups: 200, sites: 50 };

/** As many extensions and numbers as users, as many addresses as sites. */
export function companyOf(size: Size): Company {
  const { users, ringGroups, sites } = size;
  return seedCompany({ users, seed: 11, sites, addresses: sites, ringGroups, phoneNumbers: users });
}

const namespace = 'acme';

/** The groups of newcomers do not get each other's extension numbers. */
const firstNumbers: Readonly<Record<string, number>> = { create: 6000, createSlow: 6200, createTail: 6400 };

/** A profile and an extension for each user there is, declaring what is so already. */
export function declaredAsIs(company: Company): AccountResource[] {
  const sites = new Map(company.sites.map((site) => [site.id, site.name]));
  const profileNames = new Map<string, string>();
  const profiles = company.users.map((user, index): UserProfile => {
    const name = `person-${index}`;
    profileNames.set(user.id, name);
    return {
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'UserProfile',
      metadata: { name, namespace, annotations: { [externalIdAnnotation]: user.id } },
      spec: {
        firstName: String(user.basicInfo.firstName),
        lastName: String(user.basicInfo.lastName),
        email: user.userName,
        site: { name: sites.get(user.siteId) ?? '' },
        department: String(user.directoryInfo.department),
        jobTitle: String(user.directoryInfo.jobTitle),
      },
    };
  });
  const extensions = company.extensions.map((extension, index): Extension => {
    const profile = extension.userId === null ? undefined : profileNames.get(extension.userId);
    return {
      apiVersion: 'dialops.dev/v1alpha1',
      kind: 'Extension',
      metadata: {
        name: `extension-${index}`,
        namespace,
        annotations: { [externalIdAnnotation]: extension.id },
      },
      spec: {
        number: extension.extensionNumber,
        type: 'UC',
        ...(profile === undefined ? {} : { userProfileRef: { name: profile } }),
        phoneNumbers: extension.phoneNumbers.map(({ phoneNumber }) => ({ number: phoneNumber })),
        callWaiting: true,
      },
    };
  });
  return [...profiles, ...extensions];
}

/**
 * People that the company does not have yet, each with an extension. Nobody is invited by email: an invitation is
 * a write of its own, and there is a cap on them.
 *
 * @param group makes their names, one for each batch of up to 10,000
 */
export function newcomers(company: Company, count: number, group: string): AccountResource[] {
  const sites = company.sites.map((site) => site.name);
  const first = firstNumbers[group] ?? 5000;
  return Array.from({ length: count }, (_unused, index) => index).flatMap((index): AccountResource[] => {
    const name = `${group}-${index}`;
    const site = sites[index % sites.length] ?? '';
    return [
      {
        apiVersion: 'dialops.dev/v1alpha1',
        kind: 'UserProfile',
        metadata: { name, namespace },
        spec: {
          firstName: 'Robin',
          lastName: 'Newcomer',
          email: `${name}@example.com`,
          site: { name: site },
          jobTitle: 'Associate',
          invitation: 'Hold',
        },
      },
      {
        apiVersion: 'dialops.dev/v1alpha1',
        kind: 'Extension',
        metadata: { name, namespace },
        spec: {
          number: String(first + Math.floor(index / sites.length)),
          type: 'UC',
          userProfileRef: { name },
          callWaiting: true,
        },
      },
    ];
  });
}
