import { createRequire } from 'node:module';

/*
 * The validators are CommonJS modules with a default export, which Node hands out one level deeper than test
 * runners do. `require` gives the same to both.
 */
const require = createRequire(import.meta.url);
const requestModule: typeof import('openapi-request-validator') = require('openapi-request-validator');
const responseModule: typeof import('openapi-response-validator') = require('openapi-response-validator');
const schemaModule: typeof import('openapi-schema-validator') = require('openapi-schema-validator');

export const OpenApiRequestValidator = requestModule.default;
export const OpenApiResponseValidator = responseModule.default;
export const OpenApiDocumentValidator = schemaModule.default;
