import type { JsonPath } from '../json-path.ts';
import type { RuleId } from '../validation-rules.ts';

/** What is wrong with an object by its schema. */
export interface SchemaFault {
  readonly rule: RuleId;
  readonly path: JsonPath;
  /** Which of the two the place of the fault is. */
  readonly at: 'key' | 'value';
  readonly message: string;
  /** Where it says more than the rule does. */
  readonly remedy?: string;
}
