import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { listOf, memberOf, objectOf, readJsonAfterNoise, textOf } from "./smart-json.ts";

/** A logical volume with redundancy, or one that LVM itself calls unwell. */
export interface LvmVolume {
  /** Stays the same over renames. */
  readonly id: string;
  /** group/volume */
  readonly name: string;
  readonly segment: string | null;
  /** "" is well; partial, refresh needed, mismatches exist, failed, out_of_data, metadata_read_only. */
  readonly health: string;
  /** A leg is missing or to be refreshed. null: no redundancy to lose, and well. */
  readonly isDegraded: boolean | null;
  /** Share in sync; null: not mirrored. */
  readonly syncDone: number | null;
}

/** What is asked of lvs; it reads the labels of all disks: MirrorWatch says when. */
export const lvsArguments = [
  "--reportformat",
  "json",
  "--readonly",
  "-o",
  "lv_uuid,vg_name,lv_name,segtype,lv_health_status,sync_percent",
] as const;

/** Reads `lvs --reportformat json`. All values are text there, empty where they do not apply. */
export function parseLvs(text: string): Result<readonly LvmVolume[], string> {
  const json = readJsonAfterNoise(text);
  if (typeof json !== "object" || json === null) return fail("no valid JSON");
  const volumes: LvmVolume[] = [];
  for (const report of listOf(objectOf(json)["report"], reportsMax))
    for (const row of listOf(memberOf(report, "lv"), volumesMax - volumes.length)) {
      const volume = readVolume(row);
      if (volume !== null) volumes.push(volume);
    }
  return ok(volumes);
}

function readVolume(row: unknown): LvmVolume | null {
  const group = textOf(memberOf(row, "vg_name"));
  const name = textOf(memberOf(row, "lv_name"));
  if (group === null || name === null) return null;
  const segment = textOf(memberOf(row, "segtype"));
  const health = textOf(memberOf(row, "lv_health_status")) ?? "";
  const hasRedundancy = /^(?:raid(?!0)|mirror)/.test(segment ?? "");
  if (!hasRedundancy && health === "") return null;
  const percent = Number(textOf(memberOf(row, "sync_percent")) ?? Number.NaN);
  return {
    id: textOf(memberOf(row, "lv_uuid")) ?? `${group}/${name}`,
    name: `${group}/${name}`,
    segment,
    health,
    isDegraded:
      hasRedundancy || /partial|failed/.test(health) ? /partial|refresh|failed/.test(health) : null,
    syncDone: percent >= 0 && percent <= 100 ? percent / 100 : null,
  };
}

const reportsMax = 16;
const volumesMax = 1_024;
