import type { ApiOperation } from './documents.ts';

export type Route =
  | { readonly kind: 'matched'; readonly operation: ApiOperation; readonly params: Record<string, string> }
  /** Some operation has this path, none has this method. */
  | { readonly kind: 'methodUndeclared' }
  | { readonly kind: 'pathUndeclared' };

/** Finds the operation that a path below the server's URL belongs to; a literal path wins over a template. */
export function findRoute(operations: readonly ApiOperation[], method: string, path: string): Route {
  const matches = operations
    .map((operation) => ({ operation, params: matchTemplate(operation.path, path) }))
    .filter((match) => match.params !== undefined)
    .sort((a, b) => Object.keys(a.params ?? {}).length - Object.keys(b.params ?? {}).length);
  const match = matches.find(({ operation }) => operation.method === method);
  if (match?.params) return { kind: 'matched', operation: match.operation, params: match.params };
  return { kind: matches.length > 0 ? 'methodUndeclared' : 'pathUndeclared' };
}

function matchTemplate(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      if (segment !== value) return undefined;
    } else {
      if (value === '') return undefined;
      params[name] = decodeURIComponent(value);
    }
  }
  return params;
}
