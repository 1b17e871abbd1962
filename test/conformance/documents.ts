import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenAPIV3 } from 'openapi-types';
import { parse } from 'yaml';
import { formatsOf, type Schema, type SchemaOrReference, strictSchema } from './strict-schema.ts';
import { OpenApiDocumentValidator } from './third-party.ts';

/** The published files of the 8x8 Administration API, v1. */
export const publishedFiles = [
  'user-api-v1.yaml',
  'ringgroup-api-v1.yaml',
  'site-api-v1.yaml',
  'address-api-v1.yaml',
  'phonenumber-api-v1.yaml',
  'operation-api-v1.yaml',
] as const;

const whereToGetThem =
  'The OpenAPI files of the 8x8 Administration API are published in https://github.com/8x8Cloud/public-developer-docs' +
  ` (folder docs_oas/administration). Put these six into one folder and name it: ${publishedFiles.join(', ')}.`;

/** A problem with the files themselves; its message tells the reader what to do. */
export class DocumentError extends Error {
  override name = 'DocumentError';
}

export interface DeclaredResponse {
  /** Strict schema by media type; empty when the answer has no body. */
  readonly content: ReadonlyMap<string, Schema>;
  /** Schema by header name in lower case. */
  readonly headers: ReadonlyMap<string, Schema>;
}

/** One operation of one document, everything in it resolved and strict. */
export interface ApiOperation {
  readonly id: string;
  /** The file that declares it. */
  readonly file: string;
  readonly method: string;
  /** Path template below the server's URL, such as `/users/{userId}`. */
  readonly path: string;
  readonly parameters: readonly OpenAPIV3.ParameterObject[];
  readonly requestBody?: { readonly required: boolean; readonly content: ReadonlyMap<string, Schema> };
  /** By status code. */
  readonly responses: ReadonlyMap<number, DeclaredResponse>;
  /** Header that carries the key, in lower case. */
  readonly keyHeader?: string;
  /** False for the operations that only this project's sandbox offers. */
  readonly published: boolean;
}

const knownFormats = new Set(['uuid', 'email', 'date-time', 'date', 'uri', 'int32', 'int64', 'binary']);

const ownDocument = new URL('../../src/sandbox/openapi/extensions-v1.yaml', import.meta.url);

/**
 * The published operations, and those that only the sandbox offers.
 *
 * @throws DocumentError as loadPublished does
 */
export async function loadAllOperations(folder: string): Promise<ApiOperation[]> {
  const own = operationsOf('extensions-v1.yaml', await readFile(ownDocument, 'utf8'), false);
  return [...(await loadPublished(folder)), ...own];
}

/**
 * Reads the six published files from a folder.
 *
 * @throws DocumentError when a file is missing, is no OpenAPI 3.0 document, or cannot be made strict.
 */
export async function loadPublished(folder: string): Promise<ApiOperation[]> {
  const operations: ApiOperation[] = [];
  for (const file of publishedFiles) {
    const text = await readFile(join(folder, file), 'utf8').catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DocumentError(`Cannot read ${file}: ${reason}\n${whereToGetThem}`);
    });
    operations.push(...operationsOf(file, text, true));
  }
  return operations;
}

/**
 * The operations of one OpenAPI 3.0 document.
 *
 * @throws DocumentError when it is no OpenAPI 3.0 document, or cannot be made strict.
 */
export function operationsOf(file: string, text: string, published: boolean): ApiOperation[] {
  const document: OpenAPIV3.Document = parse(text);
  const { errors } = new OpenApiDocumentValidator({ version: 3 }).validate(document);
  if (errors.length > 0) {
    const first = errors[0];
    throw new DocumentError(
      `${file} is not an OpenAPI 3.0 document: ${first?.instancePath ?? ''} ${first?.message ?? ''}`,
    );
  }
  const operations: ApiOperation[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'delete', 'patch'] as const) {
      const operation = item?.[method];
      if (!operation) continue;
      const shared = item?.parameters ?? [];
      try {
        operations.push(resolveOperation(document, { file, published, method, path, operation, shared }));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new DocumentError(`${file}: ${method.toUpperCase()} ${path}: ${reason}`);
      }
    }
  }
  return operations;
}

interface RawOperation {
  readonly file: string;
  readonly published: boolean;
  readonly method: string;
  readonly path: string;
  readonly operation: OpenAPIV3.OperationObject;
  readonly shared: readonly (OpenAPIV3.ParameterObject | OpenAPIV3.ReferenceObject)[];
}

function resolveOperation(document: OpenAPIV3.Document, raw: RawOperation): ApiOperation {
  const { operation } = raw;
  const components = document.components ?? {};
  const strict = (schema: SchemaOrReference | undefined): Schema => {
    const result = strictSchema(schema ?? {}, components.schemas ?? {});
    const unknown = formatsOf(result).find((format) => !knownFormats.has(format));
    if (unknown !== undefined) throw new Error(`the format ${unknown} is not one that can be checked`);
    return result;
  };
  const contentOf = (content: Readonly<Record<string, OpenAPIV3.MediaTypeObject>> | undefined) =>
    new Map(Object.entries(content ?? {}).map(([type, { schema }]) => [type.toLowerCase(), strict(schema)]));

  const parameters = [...raw.shared, ...(operation.parameters ?? [])].map((entry) => {
    const parameter = resolve(entry, 'parameters', components.parameters);
    return { ...parameter, schema: strict(parameter.schema) };
  });
  const body =
    operation.requestBody && resolve(operation.requestBody, 'requestBodies', components.requestBodies);
  const responses = new Map<number, DeclaredResponse>();
  for (const [status, entry] of Object.entries(operation.responses)) {
    const response = resolve(entry, 'responses', components.responses);
    const headers = Object.entries(response.headers ?? {}).map(([name, header]): [string, Schema] => [
      name.toLowerCase(),
      strict(resolve(header, 'headers', components.headers).schema),
    ]);
    responses.set(Number(status), { content: contentOf(response.content), headers: new Map(headers) });
  }
  const keyHeader = keyHeaderOf(document, operation);
  return {
    id: operation.operationId ?? `${raw.method} ${raw.path}`,
    file: raw.file,
    method: raw.method.toUpperCase(),
    path: raw.path,
    parameters,
    ...(body && { requestBody: { required: body.required ?? false, content: contentOf(body.content) } }),
    responses,
    ...(keyHeader !== undefined && { keyHeader }),
    published: raw.published,
  };
}

function resolve<T extends object>(
  entry: T | OpenAPIV3.ReferenceObject,
  kind: string,
  targets: Readonly<Record<string, T | OpenAPIV3.ReferenceObject>> | undefined,
): T {
  if (!('$ref' in entry)) return entry;
  const prefix = `#/components/${kind}/`;
  const target = entry.$ref.startsWith(prefix) ? targets?.[entry.$ref.slice(prefix.length)] : undefined;
  if (!target || '$ref' in target) throw new Error(`cannot follow the reference ${entry.$ref}`);
  return target;
}

function keyHeaderOf(document: OpenAPIV3.Document, operation: OpenAPIV3.OperationObject): string | undefined {
  for (const requirement of operation.security ?? document.security ?? []) {
    for (const name of Object.keys(requirement)) {
      const scheme = document.components?.securitySchemes?.[name];
      if (scheme && 'type' in scheme && scheme.type === 'apiKey' && scheme.in === 'header') {
        return scheme.name.toLowerCase();
      }
    }
  }
  return undefined;
}
