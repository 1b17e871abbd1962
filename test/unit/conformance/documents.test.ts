import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPublished, operationsOf } from '../../conformance/documents.ts';
import { tinyOperations } from './tiny-document.ts';

const head = 'openapi: 3.0.0\ninfo: { title: T, version: "1" }\n';
const withSchema = (schema: string, schemas = '{}') =>
  `${head}paths: { /a: { get: { operationId: a, responses: { "200": { description: d, content: { application/json: ` +
  `{ schema: ${schema} } } } } } } }\ncomponents: { schemas: ${schemas} }\n`;

describe('loading the published files', () => {
  test('says which file is missing and where anyone gets it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
    try {
      await expect(loadPublished(folder)).rejects.toThrow(
        /user-api-v1\.yaml.*8x8Cloud\/public-developer-docs/s,
      );
      await writeFile(join(folder, 'user-api-v1.yaml'), 'openapi: 3.0.0\n');
      await expect(loadPublished(folder)).rejects.toThrow('user-api-v1.yaml is not an OpenAPI 3.0 document');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('resolves every operation with its method, path, statuses and key header', () => {
    const list = tinyOperations.find(({ id }) => id === 'listThings');
    expect(list).toMatchObject({ method: 'GET', path: '/things', keyHeader: 'x-api-key', published: true });
    expect([...(list?.responses.keys() ?? [])]).toEqual([200]);
  });

  test('refuses what it could not check: a dangling or circular reference, an unknown format', () => {
    const operations = (text: string) => () => operationsOf('a.yaml', text, true);
    expect(operations(withSchema("{ $ref: '#/components/schemas/B' }"))).toThrow(/cannot follow/);
    const circular = "{ B: { type: object, properties: { b: { $ref: '#/components/schemas/B' } } } }";
    expect(operations(withSchema("{ $ref: '#/components/schemas/B' }", circular))).toThrow(/contains itself/);
    expect(operations(withSchema('{ type: string, format: colour }'))).toThrow(/format colour/);
  });
});
