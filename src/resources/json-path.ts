/** Where a value lives in a JSON document: member names and indexes. */
export type JsonPath = readonly (string | number)[];

const plainName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The text of a path as messages show it: `spec.devices[0].macAddress`, `metadata.labels["example.com/team"]`. */
export function formatJsonPath(path: JsonPath): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (plainName.test(segment)) text += text === '' ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment)}]`;
  }
  return text;
}

/** Reads a JSON pointer (RFC 6901) as a path; a segment of digits is an index. */
export function parseJsonPointer(pointer: string): JsonPath {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => {
      const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
      return /^(0|[1-9]\d*)$/.test(name) ? Number(name) : name;
    });
}
