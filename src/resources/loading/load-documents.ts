import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { nearestName } from '../../foundation/nearest-name.ts';
import type { Finding, Place } from '../finding.ts';
import type { JsonPath } from '../json-path.ts';
import { apiVersion, group, isKind, kinds } from '../kinds.ts';
import { type RuleId, validationRule } from '../validation-rules.ts';
import { kustomizeParts } from './kustomization.ts';
import { LoadedDocument, ManifestText } from './loaded-document.ts';
import { isLockText } from './lock-mark.ts';
import { readSourceTexts, type SourceText } from './source-text.ts';
import { jsonOf } from './yaml-document.ts';

export interface LoadOptions {
  /** Gives the standard input, where `-` is among the paths. */
  readonly stdin: () => Promise<string>;
  /** Of documents that name none. Default: `default`. */
  readonly namespace?: string;
}

/** What some files hold. */
export interface LoadedDocuments {
  /** Objects of the API group dialops.dev, in the order of the files. */
  readonly documents: readonly LoadedDocument[];
  /** Files and documents that can't be read. */
  readonly findings: readonly Finding[];
  /**
   * False when a file or a document could not be read: what it declares is unknown, and nothing may be taken for
   * removed.
   */
  readonly complete: boolean;
  /**
   * How many objects of other kinds were passed over, by kind; their content is not looked at. '' are documents that
   * are no resources.
   */
  readonly passedOver: ReadonlyMap<string, number>;
  /** How many files were read, apart from lock files. */
  readonly files: number;
}

/** Loads what `readSourceTexts` finds. No error is thrown for what stands in the files. */
export async function loadDocuments(
  paths: readonly string[],
  options: LoadOptions,
): Promise<LoadedDocuments> {
  const { texts, unreadable } = await readSourceTexts(paths, options.stdin);
  const loading = new Loading(options.namespace ?? 'default');
  for (const { file, message } of unreadable)
    loading.unknown('unreadable-file', { file, line: 1, column: 1 }, message);
  const manifests = texts.filter(({ named, text }) => named || !isLockText(text));
  const parts = kustomizeParts(manifests);
  for (const text of manifests) {
    if (parts.has(text.file) && !text.named) loading.passOver('kustomize patch');
    else loading.load(text);
  }
  return {
    documents: loading.documents,
    findings: loading.findings,
    complete: loading.complete,
    passedOver: loading.passedOver,
    files: manifests.length,
  };
}

/** One object with the way to its place. */
interface Candidate {
  readonly object: JsonObject;
  readonly text: ManifestText;
  readonly document: number;
  readonly within: JsonPath;
  readonly named: boolean;
}

class Loading {
  readonly documents: LoadedDocument[] = [];
  readonly findings: Finding[] = [];
  readonly passedOver = new Map<string, number>();
  complete = true;
  readonly #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  load({ file, named, text }: SourceText): void {
    const source = new ManifestText(file, text);
    const plain = source.plainValues;
    if (plain) {
      for (const [document, value] of plain.entries())
        this.#sort(value, { text: source, document, within: [], named });
      return;
    }
    for (const [index, { document, faults }] of source.documents.entries()) {
      const [fault] = faults;
      if (fault) {
        this.unknown('syntax-error', { file, line: fault.line, column: fault.column }, fault.message);
        continue;
      }
      const value = this.#valueOf(source, index, () => jsonOf(document));
      if (value !== undefined) this.#sort(value, { text: source, document: index, within: [], named });
    }
  }

  #valueOf(text: ManifestText, document: number, read: () => Json): Json | undefined {
    try {
      return read();
    } catch (error) {
      const place = placeIn(text, document, []);
      this.unknown('syntax-error', place, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  passOver(kind: string): void {
    this.passedOver.set(kind, (this.passedOver.get(kind) ?? 0) + 1);
  }

  /** What a file declares is not known because of this. */
  unknown(rule: RuleId, place: Place, message: string): void {
    this.complete = false;
    this.#find(rule, place, message);
  }

  #find(rule: RuleId, place: Place, message: string, field?: string): void {
    const { remedy, severity } = validationRule(rule);
    this.findings.push({ rule, severity, place, message, remedy, ...(field === undefined ? {} : { field }) });
  }

  #sort(value: Json, where: Omit<Candidate, 'object'>): void {
    // An empty document, as after a last `---`.
    if (value === null) return;
    if (!isJsonObject(value)) this.#notAResource(where, 'is a list or a single value, not an object');
    else if (isList(value)) this.#sortItems(value, where);
    else this.#sortObject({ ...where, object: value });
  }

  #sortItems(list: JsonObject, where: Omit<Candidate, 'object'>): void {
    const items = isJsonArray(list.items) ? list.items : [];
    for (const [index, item] of items.entries())
      this.#sort(item, { ...where, within: [...where.within, 'items', index], named: true });
  }

  #sortObject(candidate: Candidate): void {
    const { object, text, document, within } = candidate;
    const { apiVersion: version, kind } = object;
    if (typeof version !== 'string' || typeof kind !== 'string') {
      const missing = typeof kind === 'string' ? 'apiVersion' : 'kind';
      this.#notAResource(candidate, `has no ${missing}`, isOurs(object));
      return;
    }
    if (version !== group && !version.startsWith(`${group}/`)) {
      this.passOver(kind);
      return;
    }
    if (version !== apiVersion) {
      const message = `there is no version ${version}; did you mean ${apiVersion}?`;
      this.#unknownKind(placeIn(text, document, [...within, 'apiVersion']), message, 'apiVersion');
      return;
    }
    if (!isKind(kind)) {
      const meant = nearestName(kind, kinds);
      const message = `there is no kind ${kind}; ${meant ? `did you mean ${meant}?` : `the kinds are ${kinds.join(', ')}`}`;
      this.#unknownKind(placeIn(text, document, [...within, 'kind']), message, 'kind');
      return;
    }
    const metadata = isJsonObject(object.metadata) ? object.metadata : {};
    const namespace = typeof metadata.namespace === 'string' ? metadata.namespace : this.#namespace;
    const name = typeof metadata.name === 'string' ? metadata.name : '';
    const ref = { kind, namespace, name };
    this.documents.push(new LoadedDocument(object, ref, { file: text.file, document, within }, text));
  }

  /** It may be meant for something that is then missing. */
  #unknownKind(place: Place, message: string, field: string): void {
    this.complete = false;
    this.#find('unknown-kind', place, message, field);
  }

  /** In a folder other things lie about: values of a chart, a company file. A file that was named is meant. */
  #notAResource(
    { document, named, text, within }: Omit<Candidate, 'object'>,
    what: string,
    ours = false,
  ): void {
    if (named || ours) this.unknown('not-a-resource', placeIn(text, document, within), what);
    else this.passOver('');
  }
}

function placeIn(text: ManifestText, document: number, path: JsonPath): Place {
  const position = text.documents[document]?.positionOf(path) ?? { line: 1, column: 1 };
  return { file: text.file, ...position };
}

/** As kubectl prints several objects, and as the API lists one kind. */
function isList({ apiVersion: version, items, kind }: JsonObject): boolean {
  if (typeof kind !== 'string' || !isJsonArray(items)) return false;
  if (kind === 'List' && version === 'v1') return true;
  return version === apiVersion && kind.endsWith('List') && isKind(kind.slice(0, -4));
}

/** Half of what makes it one of ours: the other half was forgotten. */
function isOurs({ apiVersion: version, kind }: JsonObject): boolean {
  return (
    (typeof version === 'string' && version.startsWith(`${group}/`)) ||
    (typeof kind === 'string' && isKind(kind))
  );
}
