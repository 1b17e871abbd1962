import type { DesiredField } from '../account/desired.ts';
import { digest } from '../account/digest.ts';
import type { PhoneSystemClient, RequestOptions } from '../phonesystem/client.ts';
import { sniffContentType } from './document-type.ts';
import type { ExecutionHost, Remembered } from './host.ts';

export interface Resolved {
  /** With the values that are to be written. */
  readonly fields: readonly DesiredField[];
  readonly remember: readonly Remembered[];
}

/** Fetches, uploads or registers what some fields need before they can be written. */
export async function resolveSources(
  fields: readonly DesiredField[],
  client: PhoneSystemClient,
  host: ExecutionHost,
  options: RequestOptions,
): Promise<Resolved> {
  const remember: Remembered[] = [];
  const resolved: DesiredField[] = [];
  for (const field of fields) {
    const { source } = field;
    const { resource } = field.owners[0];
    if (!source) {
      resolved.push(field);
    } else if (source.kind === 'secret') {
      const bytes = await host.secret(resource, source.secret);
      resolved.push({ ...field, value: Buffer.from(bytes).toString('utf8').trim() });
    } else if (source.kind === 'document') {
      const bytes = await host.secret(resource, source.secret);
      const uploaded = await client.uploadDocument(
        {
          bytes,
          contentType: sniffContentType(bytes),
          type: source.documentType,
          fileName: source.secret.key,
        },
        options,
      );
      remember.push({ resource, key: source.remember, value: `${source.revision}=${uploaded.id}` });
      resolved.push(known(field, uploaded.id));
    } else {
      const registered = await client.create('address', source.civic, options);
      const id = registered.kind === 'done' ? registered.body?.id : undefined;
      if (typeof id !== 'string')
        throw new Error('The phone system registered an address without giving its id');
      remember.push({ resource, key: source.remember, value: `${digest(source.civic)}=${id}` });
      resolved.push(known(field, id));
    }
  }
  return { fields: resolved, remember };
}

function known(field: DesiredField, id: string): DesiredField {
  const { source: _source, ...rest } = field;
  return { ...rest, value: id };
}
