import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../src/foundation/json.ts';
import type { JsonPath } from '../../src/resources/json-path.ts';
import { apiVersion, type Kind, kinds } from '../../src/resources/kinds.ts';
import { schemaOfKind } from '../../src/resources/schema/definitions.ts';
import { SchemaCheck } from '../../src/resources/schema/schema-check.ts';
import { DryRun, type ServerVerdict } from './support/dry-run.ts';
import { generate } from './support/generated-value.ts';
import { mutate, pathsOf, replaced, valueAt } from './support/manifest-mutation.ts';
import { Random } from './support/random.ts';
import { testCluster, useNamespace } from './test-cluster.ts';

const cluster = testCluster();
const namespace = useNamespace(cluster, 'agreement');
const perKind = 500;
/** AGREEMENT_SEED tries other manifests. */
const seed = Number(process.env.AGREEMENT_SEED ?? 1_000);
const check = new SchemaCheck();

let server: DryRun;
beforeAll(async () => {
  server = await DryRun.open(cluster, namespace());
});
afterAll(() => server.close());

interface Case {
  readonly kind: Kind;
  readonly manifest: JsonObject;
}

/** A third as generated, the others with one to three changes. */
function casesOf(kind: Kind, seed: number): readonly Case[] {
  const random = new Random(seed);
  const schema = schemaOfKind(kind);
  return Array.from({ length: perKind }, (_, index) => {
    let manifest = manifestOf(kind, schema, random, index);
    for (let changes = index % 3 === 0 ? 0 : random.int(1, 3); changes > 0; changes--)
      manifest = mutate(manifest, random);
    return { kind, manifest };
  });
}

function manifestOf(kind: Kind, schema: JsonObject, random: Random, index: number): JsonObject {
  const generated = generate(schema, random, random.pick([0.1, 0.4, 0.9]));
  const { spec, status } = isJsonObject(generated) ? generated : {};
  return {
    apiVersion,
    kind,
    metadata: { name: `case-${index}` },
    ...(spec === undefined ? {} : { spec }),
    ...(status === undefined || !random.chance(0.3) ? {} : { status }),
  };
}

interface Compared extends Case {
  readonly ours: boolean;
  readonly theirs: ServerVerdict;
}

async function compare({ kind, manifest }: Case): Promise<Compared> {
  const theirs = await server.create(kind, manifest);
  return { kind, manifest, theirs, ours: check.check(kind, manifest).valid };
}

/** Sixteen at a time. */
async function compareAll(cases: readonly Case[]): Promise<readonly Compared[]> {
  const results: Compared[] = [];
  const queue = cases.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const each of queue) results.push(await compare(each));
    }),
  );
  return results;
}

const disagrees = (compared: Compared) => compared.ours !== compared.theirs.accepted && !isKnown(compared);

/** docs/validation-rules.md names where validate is stricter; the test below holds the API server to it. */
function isKnown({ kind, manifest, ours }: Compared): boolean {
  const verdict = check.check(kind, manifest);
  return (
    !ours &&
    !verdict.valid &&
    verdict.faults.every(
      ({ path, rule }) => rule === 'wrong-type' && isTimed(path) && Array.isArray(valueAt(manifest, path)),
    )
  );
}

const isTimed = (path: JsonPath) => ['spec.expiresAt', 'spec.requestedDate'].includes(path.join('.'));

/** The smallest manifest on which both still disagree. */
async function minimised(found: Compared): Promise<Compared> {
  let smallest = found;
  for (const path of pathsOf(found.manifest).toReversed()) {
    if (path.length < 2 || path[0] === 'metadata') continue;
    const smaller = replaced(smallest.manifest, path, undefined);
    if (!isJsonObject(smaller)) continue;
    const again = await compare({ kind: found.kind, manifest: smaller });
    if (disagrees(again)) smallest = again;
  }
  return smallest;
}

function described({ kind, manifest, ours, theirs }: Compared): string {
  const verdict = check.check(kind, manifest);
  const words = verdict.valid ? '' : JSON.stringify(verdict.faults);
  return `${JSON.stringify(manifest).slice(0, 1_500)}\n  here ${ours ? 'valid' : `not: ${words}`}\n  there ${theirs.accepted ? 'accepted' : `refused: ${theirs.message.slice(0, 600)}`}`;
}

describe('the verdict of dialops validate', () => {
  it(`is the API server's on ${perKind * kinds.length} generated and changed manifests`, async () => {
    const cases = kinds.flatMap((kind, index) => casesOf(kind, seed + index));
    const results = await compareAll(cases);
    const wrong = results.filter(disagrees);
    const shown = await Promise.all(wrong.slice(0, 12).map(minimised));
    expect(shown.map(described).join('\n\n'), `${wrong.length} disagreements`).toBe('');
    for (const kind of kinds) {
      const own = results.filter((each) => each.kind === kind);
      expect(own.filter(({ theirs }) => theirs.accepted).length, `${kind}: accepted`).toBeGreaterThan(100);
      expect(own.filter(({ theirs }) => !theirs.accepted).length, `${kind}: refused`).toBeGreaterThan(100);
    }
  }, 300_000);

  it('is stricter where the API server takes a list for a time, which no resource can mean', async () => {
    const order = { portType: 'Full', numbers: [{ number: '+14085550123' }], requestedDate: [] };
    const grant = {
      userProfileRef: { name: 'ada' },
      copyFrom: { privilegeGrantRef: { name: 'b' } },
      expiresAt: [],
    };
    for (const [kind, spec] of [
      ['PortingOrder', order],
      ['PrivilegeGrant', grant],
    ] as const) {
      const manifest = { apiVersion, kind, metadata: { name: 'listed' }, spec };
      expect(await compare({ kind, manifest })).toMatchObject({ ours: false, theirs: { accepted: true } });
    }
  });
});
