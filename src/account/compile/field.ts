import type { Json } from '../../foundation/json.ts';
import type { ResourceRef } from '../../resources/reference.ts';
import type { Comparison } from '../compare.ts';
import type { DesiredField, Risk } from '../desired.ts';
import type { WirePath } from '../objects.ts';

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

/** Most fields have none: this runs for every field of every resource that is compiled. */
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
