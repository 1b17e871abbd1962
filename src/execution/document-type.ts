const signatures: readonly { readonly starts: readonly number[]; readonly type: string }[] = [
  { starts: [0x25, 0x50, 0x44, 0x46], type: 'application/pdf' },
  { starts: [0x49, 0x49, 0x2a, 0x00], type: 'image/tiff' },
  { starts: [0x4d, 0x4d, 0x00, 0x2a], type: 'image/tiff' },
  { starts: [0x89, 0x50, 0x4e, 0x47], type: 'image/png' },
  { starts: [0xff, 0xd8, 0xff], type: 'image/jpeg' },
];

/** The media type of a document by its first bytes; what is none of PDF, TIFF, PNG, JPEG is for the provider to refuse. */
export function sniffContentType(bytes: Uint8Array): string {
  const found = signatures.find(({ starts }) => starts.every((byte, index) => bytes[index] === byte));
  return found?.type ?? 'application/octet-stream';
}
