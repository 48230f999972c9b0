import { type LogDamage, type RecoveryParts, readSegment } from "./read-segment.ts";
import { parseSegmentName, type Segment } from "./segments.ts";

export interface Recovered {
  /** Oldest first; each has at least one good record. */
  readonly segments: readonly Segment[];
  /** Of the newest segment; undefined in an empty folder. */
  readonly salt: number | undefined;
  readonly damages: readonly LogDamage[];
}

/** Reads every segment that is there; what it finds goes into the tables. Cuts torn tails. */
export async function recoverSegments(parts: RecoveryParts): Promise<Recovered> {
  const { folder, log } = parts;
  const segments: Segment[] = [];
  const damages: LogDamage[] = [];
  let salt: number | undefined;
  for (const name of folder.list()) {
    const number = parseSegmentName(name);
    if (number === undefined) continue;
    const found = await readSegment(parts, { number, name, saltBefore: salt });
    cutTail(parts, name, found);
    if (found.segment === null) {
      folder.remove(name);
      continue;
    }
    for (const damage of found.damages) {
      log.error({ file: name, ...damage }, "telemetry log is damaged; records after it were kept");
      damages.push(damage);
    }
    segments.push(found.segment);
    salt = found.segment.salt;
  }
  return { segments, salt, damages };
}

function cutTail(
  { folder, log }: RecoveryParts,
  file: string,
  found: { readonly segment: Segment | null; readonly goodBytes: number; readonly size: number },
): void {
  const { segment, goodBytes, size } = found;
  if (goodBytes === size) return;
  log.warn(
    { file, keptBytes: goodBytes, cutBytes: size - goodBytes },
    "telemetry log ended in a torn record; it was cut off",
  );
  if (segment !== null) folder.truncate(file, goodBytes);
}
