import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { type HostState, type Identity, unknownIdentity } from "#proto/messages/state.ts";
import type { CellId, HostId } from "#proto/vocabulary/ids.ts";
import type { Position } from "#proto/vocabulary/position.ts";
import { parsePosition } from "#proto/vocabulary/position.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { virtualStartMs } from "./virtual-clock.ts";

export const testCell = "test" as CellId;

/** The same number gives the same id; ids sort as their numbers do. */
export function hostIdOf(number: number): HostId {
  return `01930000-0000-7000-8000-${number.toString(16).padStart(12, "0")}` as HostId;
}

/** `eu/fra2/row-b/rack-07/u12`; throws where the text is none. */
export function positionOf(text: string): Position {
  const parsed = parsePosition(text);
  if (!parsed.ok) throw new Error(parsed.problem.hint);
  return parsed.value;
}

/** An active host without a position, named for its number. */
export function hostRecord(number: number, facts: Partial<HostRecord> = {}): HostRecord {
  return {
    id: hostIdOf(number),
    name: `host-${number}`,
    cell: testCell,
    phase: "active",
    position: null,
    heightUnits: 1,
    hardwareClass: null,
    serial: null,
    simulated: false,
    adopted: false,
    watchedOnly: false,
    trust: "operated",
    op: null,
    epoch: 0,
    tags: [],
    bmcMac: null,
    switchPort: null,
    nameplateWatts: null,
    generation: 1,
    revision: 1,
    bootId: null,
    agentRelease: null,
    createdMs: unixMs(virtualStartMs),
    lastReportMs: null,
    ...facts,
  };
}

export function hostState(
  facts: Partial<HostState> = {},
  identity: Partial<Identity> = {},
): HostState {
  return {
    revision: 1,
    observedMs: unixMs(virtualStartMs),
    identity: { ...unknownIdentity, ...identity },
    collectors: [],
    absences: [],
    powerSource: null,
    boot: null,
    ...facts,
  };
}
