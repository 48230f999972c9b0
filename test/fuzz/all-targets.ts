import { targets as boot } from "./targets/boot.ts";
import { targets as dmi } from "./targets/dmi.ts";
import { targets as estate } from "./targets/estate.ts";
import { targets as gpu } from "./targets/gpu.ts";
import { targets as ipmi } from "./targets/ipmi.ts";
import { targets as power } from "./targets/power.ts";
import { targets as proc } from "./targets/proc.ts";
import { targets as raid } from "./targets/raid.ts";
import { targets as redfish } from "./targets/redfish.ts";
import { targets as rest } from "./targets/rest.ts";
import { targets as smart } from "./targets/smart.ts";
import type { FuzzTarget } from "./fuzz-target.ts";

export const fuzzTargets: readonly FuzzTarget[] = [
  ...boot,
  ...dmi,
  ...estate,
  ...gpu,
  ...ipmi,
  ...power,
  ...proc,
  ...raid,
  ...redfish,
  ...rest,
  ...smart,
];
