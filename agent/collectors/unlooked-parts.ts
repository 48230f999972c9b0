import type { Absence, ComponentKind } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";

/**
 * Says that parts of these kinds were not looked for as far as they are looked for otherwise. Whoever
 * compares states would take a part that its tool did not name, because it hung or was not asked yet,
 * for one that was pulled.
 */
export function unlookedParts(
  kinds: readonly ComponentKind[],
  { reason, detail }: Pick<Absence, "reason" | "detail">,
): readonly Absence[] {
  return kinds.map((kind) => absent({ what: `components.${kind}`, reason, detail }));
}
