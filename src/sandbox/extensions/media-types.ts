import type { MediaTypes } from '../media-type.ts';

/** Media types of an extension resource; errors come as plain JSON, as those of ring groups do. */
export function mediaTypesOf(resource: string): MediaTypes {
  return { response: [`application/vnd.${resource}.v1+json`], error: 'application/json' };
}
