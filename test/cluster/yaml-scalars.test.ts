import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json } from '../../src/foundation/json.ts';
import { readPlainYaml } from '../../src/resources/loading/plain-yaml.ts';
import { jsonOf, parseYaml } from '../../src/resources/loading/yaml-document.ts';
import { kubectlOutput } from './kubectl.ts';
import { testCluster } from './test-cluster.ts';

const cluster = testCluster();

const scalars = [
  ...[
    'y',
    'Y',
    'yes',
    'Yes',
    'YES',
    'n',
    'no',
    'NO',
    'on',
    'On',
    'off',
    'OFF',
    'true',
    'True',
    'tRue',
    'FALSE',
  ],
  ...[
    'null',
    'Null',
    'NULL',
    '~',
    'nUll',
    '0',
    '00',
    '-0',
    '+0',
    '0123',
    '08',
    '0o17',
    '0O17',
    '0x1F',
    '0X1f',
    '-0x1f',
  ],
  ...[
    '0b11',
    '-0b1',
    '0b2',
    '0x',
    '1_000',
    '1__0',
    '_1',
    '1_',
    '0_8',
    '0x_1',
    '+14085550123',
    '12:30:45',
    '1:30',
  ],
  ...[
    '1.5',
    '-.5',
    '.5',
    '1.',
    '1e3',
    '1E3',
    '1e+3',
    '.5e1',
    '1e999',
    '5e',
    '1.2.3',
    '1,000',
    '+',
    '-1',
    '--1',
    '-x',
  ],
  ...[
    '2030-01-31',
    '2030-01-31T17:00:00Z',
    '2030-1-1',
    '2030-01-31 17:00:00',
    '12e',
    '0777777',
    '0o8',
    'x1',
    'yes no',
  ],
  ...[
    '9007199254740991',
    '0.1',
    '1e-7',
    '100000000000000000000',
    '=',
    '(951) 555-0181',
    'a#b',
    'Ünï',
    '"no"',
    "'0123'",
  ],
  ...[
    '1_0.5',
    '.1_0',
    '+.5',
    '-.5e2',
    '0.',
    '00.5',
    '+0x10',
    '0b',
    '1e1_0',
    'o',
    'N',
    'O',
    'T',
    'nul',
    '.',
    '..',
    '-.',
  ],
];

function member(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

describe('a plain scalar', () => {
  it('is read as kubectl reads it, by both readers', async () => {
    const lines = scalars.map((scalar, index) => `  k${index}: ${scalar}`);
    const text = [
      'apiVersion: dialops.dev/v1alpha1',
      'kind: DriftReport',
      'metadata: ',
      '  name: x',
      'spec:',
      ...lines,
    ].join('\n');
    const args = ['create', '--dry-run=client', '--validate=false', '-o', 'json', '-f', '-'];
    const theirs: Json = JSON.parse(await kubectlOutput(cluster.kubectl, args, { input: text }));
    const [full] = parseYaml(text);
    const readings = [full && jsonOf(full.document), readPlainYaml(text)?.[0]];
    const wrong = scalars.flatMap((scalar, index) => {
      const expected = member(member(theirs, 'spec'), `k${index}`);
      const ours = readings.map((reading) => member(member(reading, 'spec'), `k${index}`));
      return ours.every((value) => value === expected || (value === 0 && expected === 0))
        ? []
        : [`${scalar} is ${JSON.stringify(expected)}, read as ${JSON.stringify(ours)}`];
    });
    expect(wrong).toEqual([]);
  });
});
