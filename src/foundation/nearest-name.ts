/** The name that a person may have meant; undefined when none comes near. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.max(2, Math.floor(name.length / 3));
  let best: { readonly away: number; readonly candidate: string } | undefined;
  for (const candidate of candidates) {
    // At least this many letters are missing or too many: most of a long list is passed over without a look.
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const away = distance(wanted, candidate.toLowerCase());
    if (away > limit) continue;
    if (!best || away < best.away || (away === best.away && candidate < best.candidate))
      best = { away, candidate };
  }
  return best?.candidate;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitute = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitute, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
