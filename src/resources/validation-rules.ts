export type Severity = 'error' | 'warning';

/** One thing that `dialops validate` looks at. */
export interface ValidationRule {
  readonly severity: Severity;
  /** What a finding of this rule means, as a sentence. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

const error = (meaning: string, remedy: string): ValidationRule => ({ severity: 'error', meaning, remedy });
const warning = (meaning: string, remedy: string): ValidationRule => ({
  severity: 'warning',
  meaning,
  remedy,
});

/** Every rule, in the order in which docs/validation-rules.md lists them. */
export const validationRules = {
  // Files.
  'unreadable-file': error(
    'A file or folder can not be read, so what it declares is unknown.',
    'Check that it exists and may be read.',
  ),
  'syntax-error': error(
    'A document is neither YAML nor JSON, so what it declares is unknown.',
    'Correct the syntax at this place.',
  ),
  'not-a-resource': error(
    'A document has no apiVersion and kind, or they are not texts.',
    'Give it an apiVersion and a kind, or leave the file out.',
  ),
  'unknown-kind': error(
    'The API group dialops.dev has no such kind or version.',
    'Correct kind or apiVersion; `dialops explain` lists the kinds.',
  ),
  'duplicate-resource': error(
    'Two documents declare the same kind, namespace and name.',
    'Remove one of them, or give it another name.',
  ),
  // Metadata.
  'invalid-metadata': error(
    'The API server refuses the metadata: a name, namespace, label, annotation or another member.',
    'Correct the field.',
  ),
  // Schema.
  'unknown-field': error(
    'The schema has no such field; it would be dropped, or refused.',
    'Correct the name of the field, or take it out; `dialops explain` lists the fields.',
  ),
  'missing-field': error('A mandatory field is missing.', 'Declare the field.'),
  'wrong-type': error(
    'A value is of another type than the schema asks for.',
    'Write the value as the type that is asked for; quote texts that look like numbers or booleans.',
  ),
  'invalid-value': error(
    'A value is outside what the schema allows: an enumeration, a length, a range, a pattern or a format.',
    'Correct the value.',
  ),
  'duplicate-item': error(
    'A list that is a set, or is keyed, holds an item twice.',
    'Remove one of the items.',
  ),
  'schema-rule': error(
    'The values contradict each other by a rule of the schema (CEL).',
    'Follow the message.',
  ),
  // What only all resources together show.
  'reference-not-found': error(
    'A reference names a resource that is not among the files.',
    'Correct the name, or add the resource that it names.',
  ),
  'reference-cycle': error(
    'Grants copy from each other in a circle.',
    'Give one of them sections of its own.',
  ),
  conflict: error(
    'Two resources declare one user name, extension, number, device, licence or order.',
    'Remove one of the two declarations.',
  ),
  'refused-value': error(
    'A value breaks a rule of the phone system that the schema leaves to it.',
    'Correct the value.',
  ),
  'privilege-cap-exceeded': error(
    "A grant asks for more than the PhoneSystem's privilegeCap lets this namespace hand out.",
    'Take the privileges out, or have the cap raised.',
  ),
  'expired-source': error(
    'A grant is copied from one that has expired.',
    'Copy from another grant, or prolong the source.',
  ),
  'incomplete-port': error(
    'A porting order is to be submitted and lacks what submission needs.',
    'Declare the missing fields, or take spec.submit out until they are known.',
  ),
  'missing-emergency-address': error(
    'An extension with a number of the United States or Canada declares no emergency address, where the law wants a dispatchable location.',
    'Declare spec.emergencyAddress: fromSite, addressId or civic.',
  ),
  'same-email': warning(
    'Two user profiles have the same email address.',
    'Give each person an email address, or remove one of the profiles.',
  ),
  'extension-without-profile': warning(
    'An extension belongs to no user profile.',
    'Name its owner in spec.userProfileRef, unless it is shared on purpose.',
  ),
} as const satisfies Readonly<Record<string, ValidationRule>>;

export type RuleId = keyof typeof validationRules;

export function validationRule(rule: RuleId): ValidationRule {
  return validationRules[rule];
}
