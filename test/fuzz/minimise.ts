/**
 * A shorter text that still fails: takes lines out, then pieces of characters, in halves down to one.
 * Ends after `triesMax` tries; what it has by then is the answer.
 */
export function minimise(text: string, fails: (text: string) => boolean, triesMax = 400): string {
  const tries = { left: triesMax };
  const byLines = reduce(text.split("\n"), "\n", fails, tries);
  const size = Math.max(1, Math.ceil(byLines.length / 2_000));
  const pieces = Array.from({ length: Math.ceil(byLines.length / size) }, (_, index) =>
    byLines.slice(index * size, (index + 1) * size),
  );
  return reduce(pieces, "", fails, tries);
}

function reduce(
  parts: readonly string[],
  glue: string,
  fails: (text: string) => boolean,
  tries: { left: number },
): string {
  let kept = [...parts];
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < kept.length && tries.left > 0; ) {
      tries.left -= 1;
      const without = kept.toSpliced(at, size);
      if (without.length < kept.length && fails(without.join(glue))) kept = without;
      else at += size;
    }
    if (size === 1) break;
  }
  return kept.join(glue);
}
