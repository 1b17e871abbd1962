import { dirname, join } from 'node:path';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../foundation/json.ts';
import { readPlainYaml } from './plain-yaml.ts';
import type { SourceText } from './source-text.ts';
import { jsonOf, parseYaml } from './yaml-document.ts';

const kustomization = /(?:^|[\\/])kustomization\.ya?ml$/i;

/**
 * Files that a kustomization among these uses as patches or as configuration of its own: parts of resources, which
 * are nothing by themselves.
 */
export function kustomizeParts(texts: readonly SourceText[]): ReadonlySet<string> {
  return new Set(
    texts
      .filter(({ file }) => kustomization.test(file))
      .flatMap(({ file, text }) => partsOf(text).map((part) => join(dirname(file), part))),
  );
}

function partsOf(text: string): readonly string[] {
  return (readPlainYaml(text) ?? fullyRead(text)).filter(isJsonObject).flatMap(pathsIn);
}

/** A fault in it, or too many aliases, is a finding of its own. */
function fullyRead(text: string): readonly Json[] {
  try {
    return parseYaml(text).flatMap(({ document, faults }) => (faults.length > 0 ? [] : [jsonOf(document)]));
  } catch {
    return [];
  }
}

function pathsIn({
  configurations,
  openapi,
  patches,
  patchesJson6902,
  patchesStrategicMerge,
  replacements,
}: JsonObject): readonly string[] {
  const withPath = [patches, patchesJson6902, replacements, openapi === undefined ? [] : [openapi]];
  return [
    ...withPath.flatMap((list) => itemsOf(list).map((item) => (isJsonObject(item) ? item.path : undefined))),
    // Of these some are patches themselves, written in place.
    ...itemsOf(patchesStrategicMerge),
    ...itemsOf(configurations),
  ].flatMap((path) => (typeof path === 'string' && !path.includes('\n') ? [path] : []));
}

function itemsOf(list: Json | undefined): readonly Json[] {
  return isJsonArray(list) ? list : [];
}
