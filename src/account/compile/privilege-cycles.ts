import { resourceKey } from '../../resources/reference.ts';
import type { Compilation } from './compilation.ts';
import { type Grant, isExpired, type Person } from './compiled-grant.ts';

/** Somebody gets what somebody else has. Both by user id. */
interface Edge {
  readonly from: string;
  readonly to: string;
  /** As the YAML names who is copied. */
  readonly userName: string;
}

/**
 * Grants by which people copy each other, over however many of them. Whatever one of these once had would come
 * back from the others for ever, after the grant that gave it ended.
 */
export class CopyCycles {
  readonly #edges = new Map<string, Edge>();
  readonly #bySource = new Map<string, Edge[]>();
  /** By user id. */
  readonly #circles: ReadonlyMap<string, Circle>;

  constructor(
    work: Compilation,
    grants: readonly Grant[],
    byKey: ReadonlyMap<string, Grant>,
    personOf: (grant: Grant) => Person | undefined,
  ) {
    const sources = new Map<string, string | undefined>();
    for (const grant of grants) {
      const userName = copiedFrom(grant, byKey, work.input.now, sources);
      if (userName === undefined) continue;
      const to = work.index.userIdsByName.get(userName.toLowerCase());
      const from = personOf(grant)?.userId;
      // A copy from oneself is refused where it is resolved.
      if (to === undefined || from === undefined || from === to) continue;
      const edge = { from, to, userName };
      this.#edges.set(grant.key, edge);
      const known = this.#bySource.get(from);
      if (known) known.push(edge);
      else this.#bySource.set(from, [edge]);
    }
    this.#circles = circlesOf(this.#bySource);
  }

  /** The way round, as a person reads it; undefined for a grant that is in no circle. */
  wayRound(grant: Grant): string | undefined {
    const edge = this.#edges.get(grant.key);
    const circle = edge && this.#circles.get(edge.from);
    if (!edge || !circle || circle !== this.#circles.get(edge.to)) return undefined;
    if (circle.size > longestShown) return `a circle of ${circle.size} people`;
    const way = this.#way(edge, circle);
    return [way.at(-1)?.userName, ...way.map(({ userName }) => userName)].join(' → ');
  }

  /** The shortest way from an edge back to where it begins. */
  #way(first: Edge, circle: Circle): readonly Edge[] {
    const seen = new Set([first.to]);
    let ways: (readonly Edge[])[] = [[first]];
    while (ways.length > 0) {
      const longer: (readonly Edge[])[] = [];
      for (const way of ways) {
        const at = way.at(-1)?.to ?? '';
        if (at === first.from) return way;
        for (const edge of this.#bySource.get(at) ?? []) {
          if (seen.has(edge.to) || this.#circles.get(edge.to) !== circle) continue;
          seen.add(edge.to);
          longer.push([...way, edge]);
        }
      }
      ways = longer;
    }
    return [first];
  }
}

const longestShown = 6;

/** The user name that a grant copies in the end; undefined where it copies nobody, or gives nothing. */
function copiedFrom(
  grant: Grant,
  byKey: ReadonlyMap<string, Grant>,
  now: number,
  known: Map<string, string | undefined>,
): string | undefined {
  const trail = new Set<string>();
  let at: Grant | undefined = grant;
  let userName: string | undefined;
  while (at && !trail.has(at.key) && !at.deleting && !isExpired(at, now)) {
    if (known.has(at.key)) {
      userName = known.get(at.key);
      break;
    }
    trail.add(at.key);
    const { administrator, privilegeGrantRef }: NonNullable<Grant['resource']['spec']['copyFrom']> =
      at.resource.spec.copyFrom ?? {};
    userName = administrator?.userName;
    at = privilegeGrantRef && byKey.get(resourceKey({ ...at.ref, name: privilegeGrantRef.name }));
  }
  for (const key of trail) known.set(key, userName);
  return userName;
}

interface Circle {
  readonly size: number;
}

/** Who is in which circle (Tarjan's strongly connected components, without recursion). */
function circlesOf(edges: ReadonlyMap<string, readonly Edge[]>): ReadonlyMap<string, Circle> {
  const circles = new Map<string, Circle>();
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const closed = new Set<string>();
  const reach = (node: string, number: number) => low.set(node, Math.min(low.get(node) ?? number, number));
  for (const start of edges.keys()) {
    if (order.has(start)) continue;
    const path: { readonly node: string; next: number }[] = [];
    const enter = (node: string) => {
      order.set(node, order.size);
      reach(node, order.size - 1);
      open.push(node);
      path.push({ node, next: 0 });
    };
    enter(start);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const { node } = step;
      const edge = edges.get(node)?.[step.next++];
      if (edge) {
        const number = order.get(edge.to);
        if (number === undefined) enter(edge.to);
        else if (!closed.has(edge.to)) reach(node, number);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above) reach(above.node, low.get(node) ?? 0);
      if (low.get(node) !== order.get(node)) continue;
      const members = open.splice(open.lastIndexOf(node));
      const circle = { size: members.length };
      for (const member of members) {
        closed.add(member);
        if (members.length > 1) circles.set(member, circle);
      }
    }
  }
  return circles;
}
