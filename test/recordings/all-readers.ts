import { readers as dmi } from "./readers/dmi.ts";
import { readers as gpu } from "./readers/gpu.ts";
import { readers as ipmi } from "./readers/ipmi.ts";
import { readers as power } from "./readers/power.ts";
import { readers as proc } from "./readers/proc.ts";
import { readers as raid } from "./readers/raid.ts";
import { readers as redfish } from "./readers/redfish.ts";
import { readers as smart } from "./readers/smart.ts";
import type { RecordingReader } from "./reader.ts";

export const recordingReaders: readonly RecordingReader[] = [
  ...dmi,
  ...gpu,
  ...ipmi,
  ...power,
  ...proc,
  ...raid,
  ...redfish,
  ...smart,
];
