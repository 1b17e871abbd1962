import type { Finding } from '../finding.ts';
import { formatJsonPath } from '../json-path.ts';
import { isKind, type Resource } from '../kinds.ts';
import { formatReference } from '../reference.ts';
import { SchemaCheck } from '../schema/schema-check.ts';
import type { SchemaFault } from '../schema/schema-fault.ts';
import { validationRule } from '../validation-rules.ts';
import { type LoadedDocuments, type LoadOptions, loadDocuments } from './load-documents.ts';
import type { LoadedDocument } from './loaded-document.ts';

/** A resource that its schema has no objection to, with the document that it stands in. */
export interface LoadedResource {
  /** With its namespace filled in, and without members that are null. */
  readonly resource: Resource;
  readonly document: LoadedDocument;
}

/** The resources of some files: what `validate`, `plan`, `apply` and `drift` begin with. */
export interface LoadedResources {
  /** Each kind, namespace and name once, in the order of the files. */
  readonly resources: readonly LoadedResource[];
  /** What is wrong with the files and with single resources. Those at fault are not among `resources`. */
  readonly findings: readonly Finding[];
  /**
   * Keys (`resourceKey`) of resources that are declared and can't be read for a fault of theirs. They are not
   * missing.
   */
  readonly faulty: ReadonlySet<string>;
  /** False when a file could not be read or parsed: nothing may be taken for removed. */
  readonly complete: boolean;
  readonly passedOver: LoadedDocuments['passedOver'];
  readonly files: number;
}

/** Loads files, folders, patterns and the standard input, and checks each object against its schema. */
export async function loadResources(
  paths: readonly string[],
  options: LoadOptions,
): Promise<LoadedResources> {
  const loaded = await loadDocuments(paths, options);
  const { duplicates, first } = withoutDuplicates(loaded.documents);
  const schema = new SchemaCheck();
  const findings = [...loaded.findings, ...duplicates];
  const resources: LoadedResource[] = [];
  const faulty = new Set<string>();
  for (const document of loaded.documents) {
    const { kind } = document.ref;
    if (!isKind(kind)) continue;
    const verdict = schema.check(kind, document.object);
    if (!verdict.valid) {
      faulty.add(document.key);
      for (const fault of verdict.faults) findings.push(schemaFinding(document, fault));
    } else if (first.has(document))
      resources.push({ resource: inNamespace(verdict.resource, document.ref.namespace), document });
  }
  const { complete, files, passedOver } = loaded;
  return { resources, findings, faulty, complete, passedOver, files };
}

/** The finding that a fault of an object is. */
function schemaFinding(document: LoadedDocument, { at, message, path, remedy, rule }: SchemaFault): Finding {
  const known = validationRule(rule);
  return {
    rule,
    severity: known.severity,
    place: document.placeOf(path, at),
    resource: document.ref,
    field: formatJsonPath(path),
    message,
    remedy: remedy ?? known.remedy,
  };
}

/** A name that is declared twice leaves open which of the two is meant. */
function withoutDuplicates(documents: readonly LoadedDocument[]): {
  readonly first: ReadonlySet<LoadedDocument>;
  readonly duplicates: readonly Finding[];
} {
  const seen = new Map<string, LoadedDocument>();
  const duplicates: Finding[] = [];
  for (const document of documents) {
    const { key, ref } = document;
    if (ref.name === '') continue;
    const before = seen.get(key);
    if (before) duplicates.push(duplicate(document, before));
    else seen.set(key, document);
  }
  return { first: new Set(seen.values()), duplicates };
}

function duplicate(document: LoadedDocument, before: LoadedDocument): Finding {
  const path = ['metadata', 'name'];
  const { file, line, column } = before.placeOf(path);
  return {
    rule: 'duplicate-resource',
    severity: 'error',
    place: document.placeOf(path),
    resource: document.ref,
    field: formatJsonPath(path),
    message: `${formatReference(document.ref)} is declared at ${file}:${line}:${column} already, in the same namespace`,
    remedy: validationRule('duplicate-resource').remedy,
  };
}

function inNamespace(resource: Resource, namespace: string): Resource {
  if (resource.metadata.namespace === namespace) return resource;
  return { ...resource, metadata: { ...resource.metadata, namespace } };
}
