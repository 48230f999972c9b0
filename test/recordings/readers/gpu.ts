import { parseRocmSmi } from "#agent/collectors/gpu-amd.ts";
import { parseNvidiaSmi } from "#agent/collectors/gpu-nvidia.ts";
import type { RecordingReader } from "../reader.ts";
import { readRecording } from "../recordings-folder.ts";

export const readers: readonly RecordingReader[] = [
  {
    matches: /^gpu\/.*\/nvidia-smi[^/]*\.xml$/,
    read: (name) => parseNvidiaSmi(readRecording(name)),
  },
  {
    matches: /^gpu\/.*\/rocm-smi[^/]*\.json$/,
    read: (name) => parseRocmSmi(readRecording(name)),
  },
];
