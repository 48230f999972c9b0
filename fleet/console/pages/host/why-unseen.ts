import type { Host } from "#fleet/api/host-schemas.ts";
import type { HostInventory } from "#fleet/api/inventory-schemas.ts";

/** Why a chart has nothing to show, as far as the host said: in words. */
export function whyUnseen(
  host: Pick<Host, "link" | "lastReportAt" | "power">,
  inventory: Pick<HostInventory, "absences" | "metrics"> | undefined,
  metric: string,
): string {
  if (host.link.state === "never") return "Its agent has not connected since it was enrolled.";
  const absence = inventory?.absences.find(({ what }) => what === metric);
  if (absence !== undefined) {
    return sentence(
      absence.detail === "" ? absence.meaning : `${absence.meaning} (${absence.detail})`,
    );
  }
  if (metric === "hw.host.power" && host.power.reason !== null) return sentence(host.power.reason);
  if (inventory?.metrics.some((one) => one.metric === metric)) {
    return "The host reports it, but not in this range.";
  }
  return inventory === undefined
    ? "The host has not said yet what it can measure."
    : "The host does not report it.";
}

function sentence(words: string): string {
  const capital = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?)]$/.test(capital) ? capital : `${capital}.`;
}
