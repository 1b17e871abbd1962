import { describe, expect, it } from 'vitest';
import { checkDocument, documentTypeOf, largestInSecret } from './document-type.ts';

const letter = { type: 'LETTER_OF_AUTHORITY', tollFree: false } as const;
const tollFreeLetter = { type: 'LETTER_OF_AUTHORITY', tollFree: true } as const;
const bill = { type: 'BILL', tollFree: true } as const;

const pdf = Buffer.from('%PDF-1.7 a document');
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);

describe('the type of a document', () => {
  it.each([
    ['application/pdf', pdf],
    ['image/tiff', Buffer.from([0x49, 0x49, 0x2a, 0x00, 8])],
    ['image/tiff', Buffer.from([0x4d, 0x4d, 0x00, 0x2a, 8])],
    ['image/png', png],
    ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    [undefined, Buffer.from('a letter')],
    [undefined, Buffer.from('%PD')],
    [undefined, Buffer.alloc(0)],
  ])('is %s by its first bytes', (type, bytes) => {
    expect(documentTypeOf(bytes)).toBe(type);
  });
});

describe('a document before it is sent', () => {
  it('may be PDF, TIFF, PNG or JPEG, and PDF or TIFF where a letter is about toll-free numbers', () => {
    expect(checkDocument(png, letter, largestInSecret)).toEqual({ contentType: 'image/png' });
    expect(checkDocument(png, bill, largestInSecret)).toEqual({ contentType: 'image/png' });
    expect(checkDocument(pdf, tollFreeLetter, largestInSecret)).toEqual({ contentType: 'application/pdf' });
    expect(checkDocument(png, tollFreeLetter, largestInSecret)).toEqual({
      fault: 'type',
      found: 'a PNG (9 bytes)',
      wanted: 'a letter of authority for toll-free numbers must be PDF or TIFF',
    });
  });

  it('may be as large as a Secret, and not a byte larger', () => {
    const full = Buffer.concat([pdf, Buffer.alloc(largestInSecret - pdf.length)]);
    expect(checkDocument(full, letter, largestInSecret)).toEqual({ contentType: 'application/pdf' });
    expect(checkDocument(Buffer.concat([full, Buffer.alloc(1)]), letter, largestInSecret)).toEqual({
      fault: 'size',
      found: 'a PDF (1,048,577 bytes)',
      wanted: 'at most 1,048,576 bytes are taken',
    });
  });

  it.each([
    ['an empty file (0 bytes)', Buffer.alloc(0)],
    [
      'the base64 text of a PDF, which was encoded once too often (28 bytes)',
      Buffer.from(pdf.toString('base64')),
    ],
    ['a ZIP archive or an Office document (6 bytes)', Buffer.from('PK\u0003\u0004xx')],
    ['something else (8 bytes)', Buffer.from('a letter')],
  ])('is told as %s', (found, bytes) => {
    expect(checkDocument(bytes, letter, largestInSecret)).toMatchObject({ fault: 'type', found });
  });
});
