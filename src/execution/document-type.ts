/** The media types of documents that a provider of ports takes, and their names for a person. */
const names = {
  'application/pdf': 'PDF',
  'image/tiff': 'TIFF',
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
} as const;

export type DocumentType = keyof typeof names;

/** What a document is for. */
export interface DocumentUse {
  readonly type: 'LETTER_OF_AUTHORITY' | 'BILL';
  /** Numbers of the order are toll-free. */
  readonly tollFree: boolean;
}

/** Bytes that a Secret can hold; what is larger is uploaded with `dialops porting upload`. */
export const largestInSecret = 1_048_576;
/** Bytes that a provider takes for one document. */
export const largestUpload = 3_000_000;

const signatures: readonly { readonly starts: readonly number[]; readonly type: DocumentType }[] = [
  { starts: [0x25, 0x50, 0x44, 0x46, 0x2d], type: 'application/pdf' },
  { starts: [0x49, 0x49, 0x2a, 0x00], type: 'image/tiff' },
  { starts: [0x4d, 0x4d, 0x00, 0x2a], type: 'image/tiff' },
  { starts: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], type: 'image/png' },
  { starts: [0xff, 0xd8, 0xff], type: 'image/jpeg' },
];

/** What people take for one of these, by the same first bytes. */
const mistakes: readonly { readonly starts: string; readonly is: string }[] = [
  // A Secret's `data` is base64 already: a file that was encoded before is encoded twice.
  { starts: 'JVBERi', is: 'the base64 text of a PDF, which was encoded once too often' },
  { starts: 'SUkq', is: 'the base64 text of a TIFF, which was encoded once too often' },
  { starts: 'TU0AK', is: 'the base64 text of a TIFF, which was encoded once too often' },
  { starts: 'iVBORw0K', is: 'the base64 text of a PNG, which was encoded once too often' },
  { starts: '/9j/', is: 'the base64 text of a JPEG, which was encoded once too often' },
  { starts: 'PK\u0003\u0004', is: 'a ZIP archive or an Office document' },
  { starts: '<', is: 'HTML or XML' },
];

/** The media type of a document by its first bytes; undefined for what is none of PDF, TIFF, PNG and JPEG. */
export function documentTypeOf(bytes: Uint8Array): DocumentType | undefined {
  return signatures.find(({ starts }) => starts.every((byte, index) => bytes[index] === byte))?.type;
}

/** Types that the provider takes for this use: letters for toll-free numbers are PDF or TIFF. */
export function typesFor({ type, tollFree }: DocumentUse): readonly DocumentType[] {
  return type === 'LETTER_OF_AUTHORITY' && tollFree
    ? ['application/pdf', 'image/tiff']
    : ['application/pdf', 'image/tiff', 'image/png', 'image/jpeg'];
}

/** A document that may be sent, or what is wrong with it: what was found, and what it should be. */
export type CheckedDocument =
  | { readonly contentType: DocumentType }
  | { readonly fault: 'type' | 'size'; readonly found: string; readonly wanted: string };

/** @param largest in bytes */
export function checkDocument(bytes: Uint8Array, use: DocumentUse, largest: number): CheckedDocument {
  const contentType = documentTypeOf(bytes);
  const allowed = typesFor(use);
  if (contentType === undefined || !allowed.includes(contentType)) {
    return {
      fault: 'type',
      found: `${describe(bytes, contentType)} (${sizeText(bytes.length)})`,
      wanted: `${subject(use)} must be ${listed(allowed)}`,
    };
  }
  if (bytes.length > largest) {
    return {
      fault: 'size',
      found: `a ${names[contentType]} (${sizeText(bytes.length)})`,
      wanted: `at most ${sizeText(largest)} are taken`,
    };
  }
  return { contentType };
}

export function sizeText(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

function describe(bytes: Uint8Array, type: DocumentType | undefined): string {
  if (bytes.length === 0) return 'an empty file';
  if (type !== undefined) return `a ${names[type]}`;
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  return mistakes.find(({ starts }) => start.startsWith(starts))?.is ?? 'something else';
}

function subject({ type, tollFree }: DocumentUse): string {
  if (type === 'BILL') return 'a bill';
  return tollFree ? 'a letter of authority for toll-free numbers' : 'a letter of authority';
}

function listed(types: readonly DocumentType[]): string {
  const all = types.map((type) => names[type]);
  return `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}
