import type { DesiredField, ValueSource } from '../account/desired.ts';
import { digest } from '../account/digest.ts';
import { formatPath } from '../account/objects.ts';
import type { PhoneSystemClient, RequestOptions } from '../phonesystem/client.ts';
import { type ResourceRef, resourceKey } from '../resources/reference.ts';
import type { NamedError } from './blame.ts';
import { checkDocument, type DocumentType, largestInSecret } from './document-type.ts';
import type { ExecutionHost } from './host.ts';

type DocumentSource = ValueSource & { readonly kind: 'document' };

/** Documents of another type or size than what is taken: nothing of the write was sent. */
export class UnfitDocument extends Error {
  override readonly name = 'UnfitDocument';
  /** By the document's place in the order, each with what was found, in which Secret, and the way out. */
  readonly fields: readonly NamedError[];

  constructor(fields: readonly [NamedError, ...NamedError[]]) {
    super(fields[0].message);
    this.fields = fields;
  }
}

interface Fetched {
  readonly bytes: Uint8Array;
  readonly contentType: DocumentType;
}

/** Fetches, uploads or registers what some fields need before they can be written; one for each change. */
export class SourceResolver {
  readonly #client: PhoneSystemClient;
  readonly #host: ExecutionHost;
  /** Ids of what was uploaded or registered: a change that is sent in parts sends none of it twice. */
  readonly #made = new Map<string, string>();

  constructor(client: PhoneSystemClient, host: ExecutionHost) {
    this.#client = client;
    this.#host = host;
  }

  /**
   * The same fields, in the same order, with the values that are to be written.
   *
   * @throws UnfitDocument before anything is uploaded; SecretMissing; ApiError
   */
  async resolve(fields: readonly DesiredField[], options: RequestOptions): Promise<readonly DesiredField[]> {
    const documents = await this.#documents(fields);
    const resolved: DesiredField[] = [];
    for (const field of fields) resolved.push(await this.#one(field, documents.get(field), options));
    return resolved;
  }

  /** All that are yet to be uploaded: one that is unfit is found before another is sent. */
  async #documents(fields: readonly DesiredField[]): Promise<ReadonlyMap<DesiredField, Fetched>> {
    const found = new Map<DesiredField, Fetched>();
    const faults: NamedError[] = [];
    for (const field of fields) {
      const { source } = field;
      const { resource } = field.owners[0];
      if (source?.kind !== 'document' || this.#made.has(keyOf(resource, source))) continue;
      const bytes = await this.#host.secret(resource, source.secret);
      const checked = checkDocument(
        bytes,
        { type: source.documentType, tollFree: source.tollFree },
        largestInSecret,
      );
      if ('contentType' in checked) {
        found.set(field, { bytes, contentType: checked.contentType });
        continue;
      }
      const { name, key } = source.secret;
      const remedy =
        checked.fault === 'size'
          ? 'upload it with `dialops porting upload` and declare its id as documentId'
          : 'put one into that key';
      const message = `Secret ${name} has in its key ${key} ${checked.found}; ${checked.wanted}: ${remedy}`;
      faults.push({ field: formatPath(field.path), message });
    }
    const [first, ...others] = faults;
    if (first) throw new UnfitDocument([first, ...others]);
    return found;
  }

  async #one(
    field: DesiredField,
    document: Fetched | undefined,
    options: RequestOptions,
  ): Promise<DesiredField> {
    const { source } = field;
    const { resource } = field.owners[0];
    if (!source) return field;
    if (source.kind === 'secret') {
      const bytes = await this.#host.secret(resource, source.secret);
      return { ...field, value: Buffer.from(bytes).toString('utf8').trim() };
    }
    const key = keyOf(resource, source);
    const id = this.#made.get(key) ?? (await this.#make(source, document, options));
    if (!this.#made.has(key)) {
      this.#made.set(key, id);
      const revision = source.kind === 'document' ? source.revision : digest(source.civic);
      await this.#host.remember({ resource, key: source.remember, value: `${revision}=${id}` });
    }
    return known(field, id);
  }

  async #make(
    source: Exclude<ValueSource, { readonly kind: 'secret' }>,
    document: Fetched | undefined,
    options: RequestOptions,
  ): Promise<string> {
    if (source.kind === 'document') {
      if (!document) throw new Error('A document was not read before it was to be uploaded');
      const { id } = await this.#client.uploadDocument(
        { ...document, type: source.documentType, fileName: source.secret.key },
        options,
      );
      return id;
    }
    const registered = await this.#client.create('address', source.civic, options);
    const id = registered.kind === 'done' ? registered.body?.id : undefined;
    if (typeof id === 'string') return id;
    throw new Error('The phone system registered an address without giving its id');
  }
}

function keyOf(resource: ResourceRef, source: DocumentSource | (ValueSource & { readonly kind: 'address' })) {
  return `${resourceKey(resource)} ${source.remember}`;
}

function known(field: DesiredField, id: string): DesiredField {
  const { source: _source, ...rest } = field;
  return { ...rest, value: id };
}
