/** The candidates that a mistyped `name` most likely means, best first, at most three. */
export function nearestNames(name: string, candidates: Iterable<string>): readonly string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  const wanted = name.toLowerCase();
  const found: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    if (distance <= limit) found.push({ candidate, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  // Beside one that is off by a letter, those that are off by six are noise.
  const near = found.filter(({ distance }) => distance <= 2 * (found[0]?.distance ?? 0));
  return near.slice(0, 3).map(({ candidate }) => candidate);
}

/** ` Did you mean a or b?`, or nothing when no candidate is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const names = nearestNames(name, candidates).map((candidate) => `\`${candidate}\``);
  if (names.length === 0) return "";
  return ` Did you mean ${names.length === 1 ? "" : `${names.slice(0, -1).join(", ")} or `}${names.at(-1) ?? ""}?`;
}

/** Insertions, deletions, substitutions and swapped neighbours; gives up above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      row.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return best;
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
