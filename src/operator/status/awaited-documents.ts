import { isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import type { PortingOrder } from '../../resources/generated/porting-order.ts';

const papers = [
  { name: 'letterOfAuthority', words: 'the letter of authority' },
  { name: 'bill', words: 'a recent bill' },
] as const;

/**
 * Which documents a port waits for, and where they are declared.
 *
 * @param order as the provider shows it; what it does not show of its documents is taken from the YAML
 */
export function awaitedDocuments(order: JsonObject, { documents }: PortingOrder['spec']): string {
  const shown = isJsonObject(order.documents) ? order.documents : undefined;
  const missing = papers.filter(({ name }) =>
    shown && name in shown ? isBlank(shown[name]) : documents?.[name] === undefined,
  );
  const said = isBlank(order.providerStatus) ? '' : `; it says "${String(order.providerStatus)}"`;
  if (missing.length === 0) {
    const fields = papers.map(({ name }) => `spec.documents.${name}`).join(' and ');
    return `The provider waits for documents, though it has letter and bill${said}. Put better ones in the place of ${fields}, or ask its porting desk which it wants`;
  }
  const words = missing.map((paper) => paper.words).join(' and ');
  const fields = missing.map(({ name }) => `spec.documents.${name}`).join(' and ');
  return `The provider waits for ${words}${said}. Declare ${fields}: from a Secret, or by the id of an upload`;
}

function isBlank(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}
