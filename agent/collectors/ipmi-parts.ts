import type { Absence, Component } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import { boardsOfFru, suppliesOfFru } from "./fru-components.ts";
import type { IpmiReader } from "./ipmi-reader.ts";
import { bmcComponent } from "./mc-info.ts";
import { unlookedParts } from "./unlooked-parts.ts";

/** What the BMC knows of itself, the board and the supplies. Slow: three calls. */
export async function readBmcParts(reader: IpmiReader): Promise<{
  readonly components: readonly Component[];
  readonly absences: readonly Absence[];
}> {
  const components: Component[] = [];
  const absences: Absence[] = [];
  const asked = await reader.readController();
  if (asked.ok) components.push(bmcComponent(asked.value.controller, asked.value.address));
  else absences.push(asked.problem);
  const fru = await reader.readFru();
  if (!fru.ok)
    return {
      components,
      absences: [...absences, fru.problem, ...unlookedParts(["board"], fru.problem)],
    };
  const { units, gaps } = fru.value;
  const supplies = suppliesOfFru(units);
  components.push(...supplies, ...boardsOfFru(units));
  // What was not named may be there all the same: nobody is to take it for pulled.
  if (gaps.cut !== null)
    absences.push(...unlookedParts(["psu", "board"], { reason: "tool-failed", detail: gaps.cut }));
  else if (gaps.silentSupply !== null)
    absences.push(
      ...unlookedParts(["psu"], { reason: "unreadable-text", detail: gaps.silentSupply }),
    );
  else if (supplies.length === 0)
    absences.push(
      absent({
        what: "components.psu",
        reason: "not-supported",
        detail: "`ipmitool fru print` names no power supply; dmidecode may (apt install dmidecode)",
      }),
    );
  return { components, absences };
}
