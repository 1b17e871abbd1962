/** Somebody who would write to an account. */
export interface Contender {
  /** `namespace/name` of the PhoneSystem. */
  readonly name: string;
  readonly endpoint: string;
  /** As the account itself has told with this one's key; undefined where it tells nobody. */
  readonly customerId: string | undefined;
  /** When the PhoneSystem was made, as the API server writes it. */
  readonly created: string;
}

/**
 * Could both write to one account? Two that have shown whose account their key opens are told apart by that, whatever
 * their addresses look like. One that has not may have any account at its address.
 */
export function mayShareAccount(a: Contender, b: Contender): boolean {
  const [left, right] = [addressOf(a.endpoint), addressOf(b.endpoint)];
  if (left.host !== right.host) return false;
  if (a.customerId !== undefined && b.customerId !== undefined) return a.customerId === b.customerId;
  return left.path === right.path;
}

/**
 * Of two that may share an account, does the first keep it? Who has shown that it is theirs goes before who has not:
 * else anybody could keep others from their account without a key to it. Among equals the older one keeps it.
 */
export function goesBefore(a: Contender, b: Contender): boolean {
  const proven = ({ customerId }: Contender) => (customerId === undefined ? 1 : 0);
  if (proven(a) !== proven(b)) return proven(a) < proven(b);
  const age = ({ created, name }: Contender) => `${created} ${name}`;
  return age(a) < age(b);
}

/** One name for an account that has shown whose it is, however its address is written. */
export function accountName({ endpoint, customerId }: Contender): string | undefined {
  return customerId === undefined ? undefined : `${addressOf(endpoint).host} ${customerId}`;
}

/** One spelling for each address, so that what leads to one place is one text. */
function addressOf(endpoint: string): { readonly host: string; readonly path: string } {
  if (!URL.canParse(endpoint)) return { host: '', path: endpoint };
  const { hostname, port, protocol, pathname } = new URL(endpoint);
  const name = hostname.replace(/\.$/, '');
  const isLoopback = name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name);
  const number = port || (protocol === 'http:' ? '80' : '443');
  return {
    host: `${isLoopback ? 'loopback' : name}:${number}`,
    path: decoded(pathname).replace(/\/+/g, '/').replace(/\/$/, ''),
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
