import { parseSmartctl } from "#agent/collectors/smartctl.ts";
import { parseSmartctlScan } from "#agent/collectors/smartctl-scan.ts";
import { parseSmartctlText } from "#agent/collectors/smartctl-text.ts";
import type { RecordingReader } from "../reader.ts";
import { readRecording } from "../recordings-folder.ts";

export const readers: readonly RecordingReader[] = [
  { matches: /^smart\/scan\/scan-.*\.json$/, read: readScan },
  { matches: /^smart\/(?!text\/|scan\/scan-).*\.json$/, read: readDrive },
  { matches: /^smart\/text\//, read: readTexts },
];

function readScan(name: string): unknown {
  const devices = parseSmartctlScan(readRecording(name));
  return devices.ok ? { devices: devices.value } : { problem: devices.problem };
}

function readDrive(name: string): unknown {
  const disk = parseSmartctl(readRecording(name));
  return disk.ok ? { disk: disk.value } : { problem: disk.problem };
}

function readTexts(name: string): unknown {
  return { disks: parseSmartctlText(readRecording(name)) };
}
