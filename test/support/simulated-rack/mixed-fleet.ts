import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { LieRow } from "./lie-row.ts";
import { lieRow, lieRows } from "./lie-rows.ts";

export interface MixedHost {
  /** Of hosts that share one lie, or `mixed`. */
  readonly hardwareClass: string;
  readonly lies: readonly LieRow[];
  /** Its controller says nothing, again and again: so many ms of so many. */
  readonly silence: { readonly ms: number; readonly everyMs: number; readonly offsetMs: number };
}

export const sharedClassHosts = 40;
const honestShare = 0.6;
/** Of all controllers, at any time. */
const silentShare = 0.03;

/**
 * A fleet as fleets are: most hosts honest, some with one lie or two (`rows`: those that the
 * simulation can tell), the first 40 all with the same, 3 % of controllers silent for 1 to 10
 * minutes at any time.
 */
export function drawMixedFleet(
  random: SeededRandom,
  { hosts, rows = lieRows }: { readonly hosts: number; readonly rows?: readonly LieRow[] },
): readonly MixedHost[] {
  const rates = rows.map((row) => ({
    row,
    share: row.isFirst ? 0.01 + 0.02 * random.next() : 0.002 + 0.008 * random.next(),
  }));
  // The rates hold for the whole fleet, and the lies lie on those who are not honest.
  const liars = 1 - honestShare;
  const shared = rows.find(({ id }) => id === "B25") ?? rows[0] ?? lieRow("B25");
  return Array.from({ length: hosts }, (_, index) => {
    const silenceMs = 60_000 + random.below(540_001);
    const everyMs = silenceMs / silentShare;
    const silence = { ms: silenceMs, everyMs, offsetMs: random.next() * everyMs };
    if (index < sharedClassHosts) return { hardwareClass: "shared", lies: [shared], silence };
    const isHonest = random.chance(honestShare);
    const lies = isHonest
      ? []
      : rates.filter(({ share }) => random.chance(share / liars)).map(({ row }) => row);
    return { hardwareClass: "mixed", lies, silence };
  });
}

/** Whether its controller is silent, `elapsedMs` from the start. */
export function isSilent({ silence }: MixedHost, elapsedMs: number): boolean {
  return (elapsedMs + silence.offsetMs) % silence.everyMs < silence.ms;
}
