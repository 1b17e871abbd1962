import type { PrivilegeSection } from '../account/objects.ts';
import { isJsonArray, isJsonObject, type Json } from '../foundation/json.ts';

/** What an endpoint offers beyond the published API. */
export interface Offer {
  /** Object types, and `privilegeTree` and `portingDocument`; empty: the published API alone. */
  readonly offers: ReadonlySet<string>;
  /** The account that the key belongs to, where the endpoint says so. */
  readonly customerId?: string;
  /** Address of the audit API, where the endpoint names one. */
  readonly auditUrl?: string;
}

export const publishedOnly: Offer = { offers: new Set() };
export const discoveryPath = '/.well-known/dialops.json';

/** No invented path is ever tried on the vendor's own hosts. */
export function isVendorHost(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === '8x8.com' || hostname.endsWith('.8x8.com');
}

/** Reads a discovery document; anything that is none offers nothing. */
export function parseOffer(body: Json | undefined): Offer {
  if (!isJsonObject(body) || !isJsonArray(body.offers)) return publishedOnly;
  return {
    offers: new Set(body.offers.filter((name) => typeof name === 'string')),
    ...(typeof body.customerId === 'string' ? { customerId: body.customerId } : {}),
    ...(typeof body.auditUrl === 'string' ? { auditUrl: body.auditUrl } : {}),
  };
}

/** Reads the privilege tree; sections and privileges without a name are left out. */
export function parsePrivilegeTree(body: Json | undefined): readonly PrivilegeSection[] {
  const sections = isJsonObject(body) && isJsonArray(body.sections) ? body.sections : [];
  return sections.flatMap((section) => {
    if (!isJsonObject(section) || typeof section.name !== 'string') return [];
    const privileges = isJsonArray(section.privileges) ? section.privileges : [];
    return [{ ...titled(section.name, section.title), privileges: privileges.flatMap(parsePrivilege) }];
  });
}

function parsePrivilege(item: Json): PrivilegeSection['privileges'] {
  if (!isJsonObject(item) || typeof item.name !== 'string') return [];
  // What is not said to be viewing only counts as changing: the cap on privileges must err on that side.
  return [{ ...titled(item.name, item.title), access: item.access === 'VIEW' ? 'VIEW' : 'CHANGE' }];
}

function titled(name: string, title: Json | undefined): { readonly name: string; readonly title: string } {
  return { name, title: typeof title === 'string' ? title : name };
}
