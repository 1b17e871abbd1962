import type { ScalarTag, Tags } from 'yaml';

/**
 * Plain scalars as kubectl and kustomize read them: YAML 1.1 as go-yaml understands it, where `no` is false and
 * `0123` is 83. Base 60 numbers are texts there, and so are timestamps.
 */
const nulls = /^(?:~|[Nn]ull|NULL|)$/;
const trues = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const falses = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const booleans = /^(?:[yYnN]|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const integers = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9][0-9]*)$/;
const floats = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinities = /^[-+]?\.(?:inf|Inf|INF)$/;
const notNumbers = /^\.(?:nan|NaN|NAN)$/;

/** Texts that begin otherwise are never anything but texts. */
const maybeTyped = /^[-+0-9.~yYnNtTfFoO]/;

/** The value of a plain scalar. */
export function plainScalar(text: string): null | boolean | number | string {
  if (text === '') return null;
  if (!maybeTyped.test(text)) return text;
  if (nulls.test(text)) return null;
  if (trues.test(text)) return true;
  if (falses.test(text)) return false;
  return numberOf(text) ?? text;
}

function numberOf(text: string): number | undefined {
  if (notNumbers.test(text)) return Number.NaN;
  if (infinities.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const plain = text.replaceAll('_', '');
  if (integers.test(plain)) return integerOf(plain);
  if (!floats.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

function integerOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  const octal = /^0[0-7]+$/.test(digits);
  const value = octal ? Number.parseInt(digits, 8) : Number(digits);
  return value === 0 ? 0 : sign * value;
}

const scalarTag = (tag: string, test: RegExp, identify: (value: unknown) => boolean): ScalarTag => ({
  tag: `tag:yaml.org,2002:${tag}`,
  default: true,
  test,
  identify,
  resolve: (text) => plainScalar(text),
});

/**
 * For the `yaml` package, besides the tags of its failsafe schema. A text that only begins like a number stays one,
 * and is quoted when it is written.
 */
export const kubernetesScalars: Tags = [
  { ...scalarTag('null', nulls, (value) => value === null), stringify: () => 'null' },
  scalarTag('bool', booleans, (value) => typeof value === 'boolean'),
  scalarTag(
    'float',
    /^[-+.]?[0-9][^:\s]*$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$|^[-+]\.[0-9]/,
    (value) => typeof value === 'number',
  ),
];
