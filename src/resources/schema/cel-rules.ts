import { Environment } from '@marcbachmann/cel-js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { JsonPath } from '../json-path.ts';
import { type CelConversion, type CelValue, celConversion } from './cel-value.ts';
import type { SchemaFault } from './schema-fault.ts';

/** The rules (`x-kubernetes-validations`) of a schema and of all below it, compiled once. */
export class CelRules {
  readonly #root: RuleNode | undefined;

  /** @throws Error when a rule can't be compiled */
  constructor(schema: JsonObject) {
    this.#root = nodeOf(schema);
  }

  /**
   * What an object that is being created breaks. Rules that compare it with what it was before are not looked at,
   * as by the API server, unless they say that they can do without (`optionalOldSelf`).
   */
  faultsOf(object: JsonObject): readonly SchemaFault[] {
    const faults: SchemaFault[] = [];
    if (this.#root) visit(this.#root, object, [], faults);
    return faults;
  }
}

/** A schema that has rules, or that has schemas with rules below it. */
interface RuleNode {
  readonly rules: readonly Rule[];
  readonly convert: CelConversion;
  readonly members: readonly (readonly [string, RuleNode])[];
  readonly items: RuleNode | undefined;
  readonly values: RuleNode | undefined;
}

interface Rule {
  /** True, false, or the words of the library's error. */
  readonly holds: (self: CelValue) => boolean | string;
  readonly messageOf: (self: CelValue) => string;
  readonly fieldPath: JsonPath;
}

const environment = new Environment({ enableOptionalTypes: true })
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn');

function nodeOf(schema: Json | undefined): RuleNode | undefined {
  if (!isJsonObject(schema)) return undefined;
  const declared = schema['x-kubernetes-validations'];
  const rules = (isJsonArray(declared) ? declared : [])
    .filter(isJsonObject)
    .flatMap((rule) => compileRule(rule));
  const members = Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).flatMap(
    ([name, below]) => {
      const node = nodeOf(below);
      return node ? [[name, node] as const] : [];
    },
  );
  const items = nodeOf(schema.items);
  const values = nodeOf(schema.additionalProperties);
  if (rules.length === 0 && members.length === 0 && !items && !values) return undefined;
  return { rules, convert: celConversion(schema), members, items, values };
}

function compileRule(declared: JsonObject): readonly Rule[] {
  const text = String(declared.rule);
  const optional = declared.optionalOldSelf === true;
  const evaluate = environment.parse(text);
  if (!optional && mentions(evaluate.ast, 'oldSelf')) return [];
  const own = typeof declared.message === 'string' ? declared.message : `does not hold: ${text}`;
  const words =
    typeof declared.messageExpression === 'string'
      ? environment.parse(declared.messageExpression)
      : undefined;
  return [
    {
      holds: (self) => {
        try {
          return evaluate(contextOf(self, optional)) === true;
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
      },
      messageOf: (self) => (words && messageBy(() => words(contextOf(self, optional)))) ?? own,
      fieldPath: parseFieldPath(declared.fieldPath),
    },
  ];
}

/** On a create there is no old value: with `optionalOldSelf` it is an empty optional. */
function contextOf(self: CelValue, optional: boolean): Record<string, unknown> {
  return optional ? { self, oldSelf: environment.evaluate('optional.none()') } : { self };
}

/** An expression that fails, or gives no text on one line, leaves the message to `message`. */
function messageBy(evaluate: () => unknown): string | undefined {
  try {
    const text = evaluate();
    return typeof text === 'string' && text.trim() !== '' && !text.includes('\n') ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an expression names a variable. */
function mentions(node: unknown, variable: string): boolean {
  if (Array.isArray(node)) return node.some((each) => mentions(each, variable));
  if (typeof node !== 'object' || node === null || !('op' in node) || !('args' in node)) return false;
  return node.op === 'id' ? node.args === variable : mentions(node.args, variable);
}

/** `.spec.numbers`, `['a.b']`: relative to the schema of the rule. */
function parseFieldPath(text: Json | undefined): JsonPath {
  if (typeof text !== 'string') return [];
  return [...text.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]/g)].map(
    ([, name, quoted, index]) =>
      index === undefined ? (name ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1')) : Number(index),
  );
}

function visit(node: RuleNode, value: Json, path: JsonPath, faults: SchemaFault[]): void {
  if (value === null) return;
  if (node.rules.length > 0) {
    const self = node.convert(value);
    for (const rule of node.rules) {
      const holds = rule.holds(self);
      if (holds === true) continue;
      const message = holds === false ? rule.messageOf(self) : `the rule can not be evaluated: ${holds}`;
      faults.push({ rule: 'schema-rule', path: [...path, ...rule.fieldPath], at: 'value', message });
    }
  }
  if (isJsonArray(value)) {
    if (node.items)
      for (const [index, item] of value.entries()) visit(node.items, item, [...path, index], faults);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [name, below] of node.members) {
    const member = value[name];
    if (member !== undefined) visit(below, member, [...path, name], faults);
  }
  if (node.values)
    for (const [name, member] of Object.entries(value)) visit(node.values, member, [...path, name], faults);
}
