/** `type/subtype` of a Content-Type in lower case, without its parameters; empty when there is none. */
export function mediaTypeEssence(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Whether an Accept header lets at least one of the declared media types through. */
export function acceptsAny(accept: string, declared: readonly string[]): boolean {
  const ranges = accept.split(',').map(mediaTypeEssence);
  return declared.some((type) => ranges.some((range) => rangeIncludes(range, type)));
}

function rangeIncludes(range: string, mediaType: string): boolean {
  if (range === '*/*' || range === mediaType) return true;
  return range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1));
}
