import type { Absence } from "#proto/messages/state.ts";

/**
 * Keeps telling a lasting trouble in the words it was first told in. A noisy sensor gives another
 * impossible number each second; told anew each time, it would make a new host state each time.
 */
export class StickyAbsences {
  #kept = new Map<string, Absence>();

  /** The same absences, in the words of the last call where what and why are the same. */
  hold(absences: readonly Absence[]): readonly Absence[] {
    if (absences.length === 0) {
      if (this.#kept.size > 0) this.#kept.clear();
      return absences;
    }
    const next = new Map<string, Absence>();
    for (const absence of absences) {
      const key = JSON.stringify([absence.what, absence.reason, absence.attributes]);
      next.set(key, this.#kept.get(key) ?? absence);
    }
    this.#kept = next;
    return [...next.values()];
  }
}
