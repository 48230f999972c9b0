import { countRule, stopsGrowing } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** CRC errors between drive and controller: mostly a cable or a backplane. */
export const diskInterface = countRule({
  name: "disk-interface",
  looksAt: "interface CRC errors",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: stopsGrowing,
  metric: "hw.errors",
  where: { "hw.type": "physical_disk", "error.type": "crc" },
  bounds: thresholds.interfaceErrors,
  counted: "interface CRC errors",
});
