import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../foundation/json.ts';
import type { SandboxCore } from '../../core.ts';
import { badRequest, invalid, notFound } from '../../problem.ts';
import type { Exchange, Scope } from '../../router.ts';
import type { Table } from '../../store.ts';
import { mediaTypesOf } from '../media-types.ts';

export interface PortingDocumentRecord {
  readonly id: string;
  readonly type: 'LETTER_OF_AUTHORITY' | 'BILL';
  readonly fileName: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly uploadedTime: string;
}

export const maximumDocumentBytes = 3_000_000;
const contentTypes = ['application/pdf', 'image/tiff', 'image/png', 'image/jpeg'];

/**
 * `/porting-documents`: letters and bills by their digest. The bytes themselves are not kept: nothing ever
 * reads them back.
 */
export function registerDocuments(
  core: SandboxCore,
  table: Table<PortingDocumentRecord>,
  scopes: readonly Scope[],
): void {
  const mediaTypes = mediaTypesOf('porting-documents');
  core.router.add({
    method: 'POST',
    path: '/porting-documents',
    mediaTypes: { ...mediaTypes, request: contentTypes, json: false },
    scopes: [...scopes, 'UC & CC Admin Operations'],
    handle: (exchange) => ({ status: 200, body: upload(core, table, exchange) }),
  });
  core.router.add({
    method: 'GET',
    path: '/porting-documents/{documentId}',
    mediaTypes,
    scopes,
    handle: (exchange) => {
      const document = table.get(exchange.params.documentId ?? '');
      if (!document) throw notFound('Document not found');
      return { status: 200, body: render(document) };
    },
  });
}

function upload(core: SandboxCore, table: Table<PortingDocumentRecord>, exchange: Exchange): JsonObject {
  const type = exchange.query.get('type');
  if (type !== 'LETTER_OF_AUTHORITY' && type !== 'BILL') {
    throw invalid('type', 'must be one of LETTER_OF_AUTHORITY, BILL');
  }
  const fileName = exchange.query.get('fileName') ?? '';
  if (fileName === '' || fileName.length > 255) throw invalid('fileName', 'size must be between 1 and 255');
  const { bytes, contentType } = exchange;
  if (!contentTypes.includes(contentType)) {
    throw badRequest(`Documents are ${contentTypes.join(', ')}, not ${contentType || 'untyped'}`);
  }
  if (bytes.length === 0) throw badRequest('The document is empty');
  if (bytes.length > maximumDocumentBytes) {
    throw badRequest(`The document has ${bytes.length} bytes; the limit is ${maximumDocumentBytes}`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const id = createHash('sha256').update(`${type} ${sha256}`).digest('base64url').slice(0, 22);
  const known = table.get(id);
  const time = new Date(core.clock.now()).toISOString();
  const document: PortingDocumentRecord = known ?? {
    id,
    type,
    fileName,
    contentType,
    size: bytes.length,
    sha256,
    uploadedTime: time,
  };
  core.statistics.write();
  core.store.transaction(() => {
    table.put(document);
    core.audit.record({
      actor: exchange.actor,
      time,
      entityType: 'portingDocument',
      entityKey: id,
      displayName: document.fileName,
      before: known && render(known),
      after: render(document),
    });
  });
  return render(document);
}

function render(document: PortingDocumentRecord): JsonObject {
  return { ...document };
}
