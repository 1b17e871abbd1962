/**
 * The phone system's rules on values, from the schemas of the published user API. They are not in the custom
 * resource definitions because another provider may have others.
 */
interface TextRule {
  readonly min: number;
  readonly max: number;
  readonly pattern?: RegExp;
  /** The allowed characters, as a person says them. */
  readonly allowed?: string;
}

const nameCharacters = { pattern: /^[A-Za-z0-9.,\-_()' ]+$/, allowed: "A–Z a–z 0–9 . , - _ ( ) ' and space" };

export const textRules = {
  userName: { min: 3, max: 70, pattern: /^[A-Za-z0-9.@\-_/]+$/, allowed: 'A–Z a–z 0–9 . @ - _ /' },
  firstName: { min: 2, max: 128, ...nameCharacters },
  lastName: { min: 2, max: 30, ...nameCharacters },
  email: { min: 5, max: 128, pattern: /^[^@\s]+@[^@\s]+\.[^@\s]+$/, allowed: 'an email address' },
  department: {
    min: 1,
    max: 100,
    pattern: /^[A-Za-z0-9.,&@*+\-#\\/()'– ]+$/,
    allowed: "A–Z a–z 0–9 . , & @ * + - # \\ / ( ) ' – and space",
  },
  jobTitle: { min: 1, max: 254 },
} as const satisfies Readonly<Record<string, TextRule>>;

/** Locales of voice prompts and mails. */
export const locales: ReadonlySet<string> = new Set(
  'da-DK de-DE en-AU en-GB en-US es-ES fi-FI fr-BE fr-CA fr-CH fr-FR it-IT ja-JP nl-BE nl-NL no-NO pl-PL pt-BR pt-PT sv-SE zh-CN'.split(
    ' ',
  ),
);

/** E.164: a plus, then at most 15 digits that do not begin with 0. */
export const e164 = /^\+[1-9][0-9]{1,14}$/;

/** What is wrong with a value and the way out; undefined when it is fine. */
export function checkText(rule: keyof typeof textRules, value: string): string | undefined {
  const { min, max, pattern, allowed }: TextRule = textRules[rule];
  if (value.length < min || value.length > max) {
    return `has ${value.length} characters; the phone system takes ${min} to ${max}`;
  }
  if (pattern && !pattern.test(value)) {
    return allowed === 'an email address'
      ? 'is not an email address'
      : `has a character that the phone system refuses; allowed are ${allowed ?? 'others'}`;
  }
  return undefined;
}
