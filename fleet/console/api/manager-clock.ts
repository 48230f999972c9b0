// The manager's times are compared with the manager's clock: this browser's may be wrong. Each
// answer carries a Date header, whole seconds; a difference below that is taken for none.

let offsetMs = 0;

/** Milliseconds since 1970 by the manager's clock, as well as this page knows it. */
export function managerNowMs(): number {
  return Date.now() + offsetMs;
}

/** Takes the Date header of an answer that has just come. */
export function noteManagerDate(header: string | null): void {
  const next = readOffset(header, Date.now());
  if (next !== null) offsetMs = next;
}

/** How far the manager's clock is ahead; 0 within what a header of whole seconds can tell. */
export function readOffset(header: string | null, nowMs: number): number | null {
  const dateMs = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(dateMs)) return null;
  // The header was cut to the second, so the truth lies up to a second later.
  const aheadMs = dateMs + 500 - nowMs;
  return Math.abs(aheadMs) <= 2_000 ? 0 : aheadMs;
}
