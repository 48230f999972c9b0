import type { LieRow } from "./lie-row.ts";
import { bootLies } from "./rows/boot-lies.ts";
import { firmwareLies } from "./rows/firmware-lies.ts";
import { hostLies } from "./rows/host-lies.ts";
import { identityLies } from "./rows/identity-lies.ts";
import { mediaLies } from "./rows/media-lies.ts";
import { powerLies } from "./rows/power-lies.ts";
import { sensorLies } from "./rows/sensor-lies.ts";
import { sessionLies } from "./rows/session-lies.ts";
import { taskLies } from "./rows/task-lies.ts";

/** Every lie that is known of, by number. */
export const lieRows: readonly LieRow[] = [
  ...powerLies,
  ...bootLies,
  ...mediaLies,
  ...sessionLies,
  ...identityLies,
  ...sensorLies,
  ...taskLies,
  ...firmwareLies,
  ...hostLies,
];

const byId: ReadonlyMap<string, LieRow> = new Map(lieRows.map((row) => [row.id, row]));

/** Throws where there is no such row: a test that names one means it. */
export function lieRow(id: string): LieRow {
  const row = byId.get(id);
  if (row === undefined) throw new Error(`no lie is called ${id}`);
  return row;
}
