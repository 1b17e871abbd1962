import type { Document } from 'yaml';
import type { Json, JsonObject } from '../../foundation/json.ts';
import type { Place } from '../finding.ts';
import type { JsonPath } from '../json-path.ts';
import { type ResourceRef, resourceKey } from '../reference.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/** Where a document stands. */
export interface DocumentSource {
  /** As it was named, or below the folder that was; `-` is the standard input. */
  readonly file: string;
  /** Index of the YAML document in the file, from 0. */
  readonly document: number;
  /** Path of the object inside the YAML document: empty, or `['items', 3]` in a List. */
  readonly within: JsonPath;
}

/** The text of a file; its YAML documents are parsed with their positions once somebody asks for one of these. */
export class ManifestText {
  readonly file: string;
  readonly text: string;
  #documents: readonly YamlDocument[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** The values of its documents, where they are plain: nobody need parse them with their positions then. */
  get plainValues(): readonly Json[] | undefined {
    return readPlainYaml(this.text);
  }

  get documents(): readonly YamlDocument[] {
    this.#documents ??= parseYaml(this.text);
    return this.#documents;
  }
}

/** One object of the API group dialops.dev in a file. Nothing is known of it but its kind and its name. */
export class LoadedDocument {
  /** The object as the file has it: not validated. */
  readonly object: JsonObject;
  readonly ref: ResourceRef;
  readonly source: DocumentSource;
  readonly #text: ManifestText;

  constructor(object: JsonObject, ref: ResourceRef, source: DocumentSource, text: ManifestText) {
    this.object = object;
    this.ref = ref;
    this.source = source;
    this.#text = text;
  }

  get key(): string {
    return resourceKey(this.ref);
  }

  /** The whole text of its file. */
  get text(): string {
    return this.#text.text;
  }

  /**
   * All YAML documents of its file, for edits that keep comments and layout: change a node at
   * `[...source.within, ...path]` of `yamlDocuments[source.document]`, and write all of them.
   */
  get yamlDocuments(): readonly Document.Parsed[] {
    return this.#text.documents.map(({ document }) => document);
  }

  /**
   * The place of a value of the object, or of the name of a member. Where there is no such value, the nearest place
   * above it.
   */
  placeOf(path: JsonPath, at: 'key' | 'value' = 'value'): Place {
    const { document, file, within } = this.source;
    const position = this.#text.documents[document]?.positionOf([...within, ...path], at);
    return { file, ...(position ?? { line: 1, column: 1 }) };
  }
}
