import type { Json } from '../../foundation/json.ts';
import type { ResourceRef } from '../../resources/reference.ts';
import type { Comparison } from '../compare.ts';
import type { DesiredField, Risk } from '../desired.ts';
import type { WirePath } from '../objects.ts';
import { pathEquals } from '../path.ts';

type Extras = Pick<
  DesiredField,
  'consent' | 'source' | 'madeFrom' | 'absent' | 'createOnly' | 'refers' | 'afterwards'
>;

type Options = { readonly comparison?: Comparison; readonly risk?: Risk } & Partial<Extras>;

const plain: Options = {};

/** Declares fields of one resource on one object: `declare('callerId.externalName', path, value)`. */
export class FieldWriter {
  readonly fields: DesiredField[] = [];
  readonly #resource: ResourceRef;
  readonly #base: WirePath;

  constructor(resource: ResourceRef, base: WirePath = []) {
    this.#resource = resource;
    this.#base = base;
  }

  /**
   * An omitted value is not managed: nothing is declared. An empty one clears.
   * @param field as in the YAML, without `spec.`; unique within the resource
   */
  declare(field: string, path: WirePath, value: Json | undefined, options: Options = plain): void {
    if (value === undefined) return;
    const { comparison = 'exact', risk = 'safe' } = options;
    const declared: DesiredField = {
      path: this.#base.length === 0 ? path : [...this.#base, ...path],
      value: value === '' ? null : value,
      comparison,
      owners: [{ resource: this.#resource, field }],
      risk,
    };
    this.fields.push(options === plain ? declared : withExtras(declared, options));
  }
}

/** Most fields have none: this runs for every field of every resource in every round. */
function withExtras(
  field: DesiredField,
  { consent, source, madeFrom, absent, createOnly, refers, afterwards }: Options,
): DesiredField {
  return {
    ...field,
    ...(consent ? { consent } : {}),
    ...(source ? { source } : {}),
    ...(madeFrom === undefined ? {} : { madeFrom }),
    ...(absent ? { absent } : {}),
    ...(createOnly ? { createOnly } : {}),
    ...(refers ? { refers } : {}),
    ...(afterwards === undefined ? {} : { afterwards }),
  };
}

const listsBefore = new WeakMap<object, readonly DesiredField[]>();

/** The very list that was made of the subject before, where this one is equal to it: what is the same is compared once. */
export function asBefore(subject: object, fields: readonly DesiredField[]): readonly DesiredField[] {
  const before = listsBefore.get(subject);
  if (before && isSameList(before, fields)) return before;
  listsBefore.set(subject, fields);
  return fields;
}

function isSameList(before: readonly DesiredField[], fields: readonly DesiredField[]): boolean {
  if (before.length !== fields.length) return false;
  for (let index = 0; index < fields.length; index++) {
    const [a, b] = [before[index], fields[index]];
    if (!a || !b || !isSameField(a, b)) return false;
  }
  return true;
}

/** Values that are lists or objects are made anew each time, and so never the same. */
function isSameField(a: DesiredField, b: DesiredField): boolean {
  const [[ownerA, ...othersA], [ownerB, ...othersB]] = [a.owners, b.owners];
  return (
    a.value === b.value &&
    ownerA.field === ownerB.field &&
    ownerA.resource === ownerB.resource &&
    othersA.length + othersB.length === 0 &&
    a.comparison === b.comparison &&
    a.risk === b.risk &&
    a.consent === b.consent &&
    a.source === b.source &&
    a.absent === b.absent &&
    a.madeFrom === b.madeFrom &&
    a.ends === b.ends &&
    a.createOnly === b.createOnly &&
    a.assumed === b.assumed &&
    a.refers === b.refers &&
    pathEquals(a.path, b.path)
  );
}
