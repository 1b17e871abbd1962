import type { PrivilegeSection } from '../account/objects.ts';
import type { Clock } from '../foundation/clock.ts';
import { isJsonArray, isJsonObject, type Json } from '../foundation/json.ts';
import { ApiError } from './errors.ts';
import type { RequestOptions } from './requester.ts';
import { isLoopback } from './transport.ts';

/** What an endpoint offers beyond the published API. */
export interface Offer {
  /** Object types, and `privilegeTree` and `portingDocument`; empty: the published API alone. */
  readonly offers: ReadonlySet<string>;
  /** The account that the key belongs to, where the endpoint says so. */
  readonly customerId?: string;
  /** Address of the audit API, where the endpoint names one on its own host. */
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

export interface DiscoveryOptions {
  readonly endpoint: string;
  readonly clock: Clock;
  /** Asks for the discovery document; rejects with ApiError. */
  readonly ask: (options: RequestOptions) => Promise<Json | undefined>;
}

/** Shorter than the time between two full readings, so that each of them looks again. */
const lookAgainMs = 10 * 60_000;

/**
 * What one endpoint offers. Asked once, and again after a failure. That it offers nothing is looked at again after a
 * while: a gateway says so, too, while what is behind it is being rolled out, and such an answer must not last until
 * the next restart. On the vendor's hosts nothing is asked, and nothing is offered.
 */
export class Discovery {
  readonly #options: DiscoveryOptions;
  #offer: Promise<Offer> | undefined;
  #until = Number.POSITIVE_INFINITY;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /** Rejects as `ask` does. */
  offer(options: RequestOptions): Promise<Offer> {
    if (this.#options.clock.now() >= this.#until) this.#offer = undefined;
    if (!this.#offer) {
      this.#until = Number.POSITIVE_INFINITY;
      this.#offer = this.#ask(options).catch((error: unknown) => {
        this.#offer = undefined;
        throw error;
      });
    }
    return this.#offer;
  }

  async #ask(options: RequestOptions): Promise<Offer> {
    if (isVendorHost(this.#options.endpoint)) return publishedOnly;
    const offer = await this.#read(options);
    if (offer.offers.size === 0) this.#until = this.#options.clock.now() + lookAgainMs;
    return offer;
  }

  async #read(options: RequestOptions): Promise<Offer> {
    try {
      return atSameHost(parseOffer(await this.#options.ask(options)), this.#options.endpoint);
    } catch (error) {
      // By its status: a gateway that knows the published paths alone explains it in its own way.
      if (error instanceof ApiError && error.status === 404) return publishedOnly;
      throw error;
    }
  }
}

/** The account's key goes to the audit API, too: an endpoint may not send it to another host, be that allowed or not. */
function atSameHost(offer: Offer, endpoint: string): Offer {
  const { auditUrl, ...rest } = offer;
  if (auditUrl === undefined || !URL.canParse(auditUrl)) return rest;
  const [audit, own] = [new URL(auditUrl), new URL(endpoint)];
  // One machine has several names for itself.
  const bothHere = isLoopback(audit.hostname) && isLoopback(own.hostname) && audit.port === own.port;
  return audit.origin === own.origin || bothHere ? offer : rest;
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
