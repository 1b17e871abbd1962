import { rewriteSecretsAnnotation } from '../../resources/annotations.ts';
import { isRevision } from '../desired.ts';
import { digest } from '../digest.ts';
import type { Compilation, Compiled } from './compilation.ts';
import type { FieldWriter } from './field.ts';

type Order = Compiled<'PortingOrder'>;
type SecretKey = { readonly name: string; readonly key: string };

/** Declares a write-only value that comes from a Secret. */
export function declareSecret(
  work: Compilation,
  order: Order,
  writer: FieldWriter,
  field: string,
  member: string,
  secret: SecretKey | undefined,
): void {
  if (!secret) return;
  const revision = revisionOf(work, order, field, secret);
  if (revision === undefined) return;
  const known = order.memory.applied[field];
  const source = { kind: 'secret', secret, revision: markOf(order, revision, known) } as const;
  writer.declare(field, [member], null, { source });
}

/** Undefined, and the field is left out, where there is no such Secret or key. */
function revisionOf(work: Compilation, order: Order, field: string, secret: SecretKey): string | undefined {
  const revision = work.input.secretRevision(secret);
  if (revision !== undefined && revision !== null) return revision;
  const message = `there is no Secret ${secret.name} with a key ${secret.key} in this namespace`;
  work.omit(order.ref, field, 'SecretNotFound', message);
  return undefined;
}

/**
 * What memory keeps of a value from a Secret: its revision and, where a person has asked for it to be written again,
 * the token of that request.
 *
 * @param known what memory has: without a request it stands, so that taking the annotation away writes nothing
 */
function markOf(order: Order, revision: string, known: string | undefined): string {
  const token = order.resource.metadata.annotations?.[rewriteSecretsAnnotation];
  if (token !== undefined) return `${revision}#${digest(token)}`;
  return known !== undefined && isRevision(known, revision) ? known : revision;
}

/** Declares a letter or a bill: by its id, or by the Secret that it is uploaded from. */
export function declareDocument(
  work: Compilation,
  order: Order,
  writer: FieldWriter,
  name: 'letterOfAuthority' | 'bill',
  documentType: 'LETTER_OF_AUTHORITY' | 'BILL',
): void {
  const document = order.resource.spec.documents?.[name];
  const field = `documents.${name}`;
  const path = ['documents', name];
  if (document?.documentId !== undefined) writer.declare(field, path, document.documentId);
  const secret = document?.secretRef;
  if (!secret) return;
  const revision = revisionOf(work, order, field, secret);
  if (revision === undefined) return;
  const remember = `document:${name}`;
  const [known, id] = (order.memory.handled[remember] ?? '').split('=');
  const mark = markOf(order, revision, known);
  if (known === mark && id) writer.declare(field, path, id, { madeFrom: mark });
  else
    writer.declare(field, path, null, {
      source: {
        kind: 'document',
        secret,
        revision: mark,
        documentType,
        remember,
        tollFree: hasTollFree(order),
      },
    });
}

/** Toll-free numbers of North America. */
const tollFree = /^\+1(800|833|844|855|866|877|888)/;

function hasTollFree(order: Order): boolean {
  return order.resource.spec.numbers.some(({ number }) => tollFree.test(number));
}
