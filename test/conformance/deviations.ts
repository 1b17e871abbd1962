import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { DocumentError } from './documents.ts';
import {
  type Violation,
  type ViolationPart,
  type ViolationSide,
  violationParts,
  violationSides,
} from './violation.ts';

/** What a deviation exempts; every member given must agree. */
export interface DeviationMatch {
  readonly side: ViolationSide;
  readonly part: ViolationPart;
  /** Pointer or name; `*` stands for one segment. */
  readonly pointer?: string;
  readonly rule?: string;
  /** Exactly the offending value. */
  readonly found?: string;
  /** Statuses of the answer. */
  readonly status?: readonly number[];
}

/** One place where the published documents contradict themselves or leave something out. */
export interface Deviation {
  readonly id: string;
  /** operationIds, or `["*"]` for all. */
  readonly operations: readonly string[];
  readonly what: DeviationMatch;
  readonly because: string;
  /** Entry of RULES.md: `C2` for a contradiction, `§9` for a section. */
  readonly cites: string;
}

const listSchema = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'operations', 'what', 'because', 'cites'],
    properties: {
      id: { type: 'string', pattern: '^[a-z0-9-]+$' },
      operations: { type: 'array', minItems: 1, items: { type: 'string' } },
      what: {
        type: 'object',
        additionalProperties: false,
        required: ['side', 'part'],
        properties: {
          side: { type: 'string', enum: violationSides },
          part: { type: 'string', enum: violationParts },
          pointer: { type: 'string', nullable: true },
          rule: { type: 'string', nullable: true },
          found: { type: 'string', nullable: true },
          status: { type: 'array', items: { type: 'integer' }, minItems: 1, nullable: true },
        },
      },
      because: { type: 'string', minLength: 10 },
      cites: {
        type: 'string',
        pattern: '^(C([1-9]|[12][0-9]|3[0-3])|§(1[0-9]|[1-9]))(, (C[0-9]+|§[0-9]+))*$',
      },
    },
  },
} as const;

/** @throws DocumentError naming the entry that is not well formed. */
export async function loadDeviations(file: URL | string): Promise<Deviation[]> {
  return parseDeviations(await readFile(file, 'utf8'));
}

export function parseDeviations(text: string): Deviation[] {
  const list: unknown = parse(text) ?? [];
  const ajv = new Ajv({ strict: false });
  const isList = ajv.compile<Deviation[]>(listSchema);
  if (!isList(list)) throw new DocumentError(`deviations.yaml: ${ajv.errorsText(isList.errors)}`);
  const ids = list.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new DocumentError(`deviations.yaml: the id ${twice} stands twice`);
  return list;
}

/** Headings `## 9 …` and entries `- C2 …` of RULES.md, as `cites` names them. */
export function citable(rules: string): ReadonlySet<string> {
  const sections = [...rules.matchAll(/^## (\d+) /gm)].map(([, number]) => `§${number}`);
  const contradictions = [...rules.matchAll(/^- (C\d+) /gm)].map(([, entry]) => entry ?? '');
  return new Set([...sections, ...contradictions]);
}

/** @throws DocumentError naming a citation that leads nowhere */
export function checkCitations(deviations: readonly Deviation[], rules: string): void {
  const known = citable(rules);
  for (const { cites, id } of deviations) {
    const missing = cites.split(', ').find((citation) => !known.has(citation));
    if (missing !== undefined) {
      throw new DocumentError(`deviations.yaml: ${id} cites ${missing}, which RULES.md does not have`);
    }
  }
}

/** How often an entry was needed, and for which operations. */
export interface DeviationUse {
  readonly deviation: Deviation;
  readonly used: number;
  /** Of those that it names; `*` counts as one. */
  readonly unusedOperations: readonly string[];
}

/** Use of an entry for an operation: id, operationId, how often. */
export type CountedUse = readonly [id: string, operation: string, times: number];

/** Applies the committed list, and counts what each entry was needed for. */
export class DeviationList {
  readonly #deviations: readonly Deviation[];
  readonly #used = new Map<string, Map<string, number>>();

  constructor(deviations: readonly Deviation[]) {
    this.#deviations = deviations;
  }

  /** The violations that no entry exempts. */
  unexempted(violations: readonly Violation[], options: { readonly count: boolean }): Violation[] {
    return violations.filter((violation) => {
      const matching = this.#deviations.filter((deviation) => matches(deviation, violation));
      if (options.count) {
        for (const { id } of matching) this.#count([id, violation.operation, 1]);
      }
      return matching.length === 0;
    });
  }

  /** What was counted, to be added to another list's counts. */
  get counted(): readonly CountedUse[] {
    return [...this.#used].flatMap(([id, byOperation]) =>
      [...byOperation].map(([operation, times]): CountedUse => [id, operation, times]),
    );
  }

  add(counted: readonly CountedUse[]): void {
    for (const use of counted) this.#count(use);
  }

  usage(): DeviationUse[] {
    return this.#deviations.map((deviation) => {
      const byOperation = this.#used.get(deviation.id) ?? new Map<string, number>();
      const isUsed = (operation: string) =>
        operation === '*' ? byOperation.size > 0 : byOperation.has(operation);
      return {
        deviation,
        used: [...byOperation.values()].reduce((sum, times) => sum + times, 0),
        unusedOperations: deviation.operations.filter((operation) => !isUsed(operation)),
      };
    });
  }

  #count([id, operation, times]: CountedUse): void {
    const byOperation = this.#used.get(id) ?? new Map<string, number>();
    this.#used.set(id, byOperation.set(operation, (byOperation.get(operation) ?? 0) + times));
  }
}

function matches({ operations, what }: Deviation, violation: Violation): boolean {
  return (
    (operations.includes('*') || operations.includes(violation.operation)) &&
    what.side === violation.side &&
    what.part === violation.part &&
    (what.pointer === undefined || pointerMatches(what.pointer, violation.pointer)) &&
    (what.rule === undefined || what.rule === violation.rule) &&
    (what.found === undefined || what.found === violation.found) &&
    (what.status === undefined || what.status.includes(violation.status))
  );
}

function pointerMatches(pattern: string, pointer: string): boolean {
  const wanted = pattern.split('/');
  const given = pointer.split('/');
  return (
    wanted.length === given.length && wanted.every((part, index) => part === '*' || part === given[index])
  );
}
