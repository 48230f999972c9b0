import type { HostState } from "#proto/messages/state.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { type ComponentChange, compareComponents } from "./component-history.ts";
import type { ComponentStore } from "./component-store.ts";
import { completeProfile, profileOf } from "./hardware-profile.ts";

/** Compares a host's newest state with what is known of its components, and keeps what changed. */
export async function noteComponents(
  store: ComponentStore,
  host: { readonly id: HostId; readonly bootId: BootId | null },
  state: HostState,
  log: Log,
): Promise<void> {
  const before = await store.listComponents(host.id);
  const { known, changes } = compareComponents(before, state);
  if (JSON.stringify(known) === JSON.stringify(before)) return;
  const records = changes.map((change) => ({
    atMs: state.observedMs,
    bootId: host.bootId,
    change,
  }));
  await store.writeComponents(host.id, known, records);
  for (const change of changes.slice(0, loggedMax))
    log.info({ hostId: host.id, ...wordsOf(change) }, "component changed");
}

/** Of one state: a host whose whole memory was swapped is one line of many, not a flood. */
const loggedMax = 8;

function wordsOf({ kind, component }: ComponentChange): Readonly<Record<string, unknown>> {
  return { change: kind, part: component.kind, slot: component.slot, serial: component.serial };
}

/** A class is described by its first host; what that one could not say comes from the next. */
export async function noteHardwareClass(
  store: ComponentStore,
  hardwareClass: string,
  state: HostState,
  nowMs: UnixMs,
): Promise<void> {
  const found = profileOf(state);
  const known = await store.readHardwareProfile(hardwareClass);
  const next = known === undefined ? found : completeProfile(known, found);
  if (next !== null) await store.writeHardwareProfile(hardwareClass, next, nowMs);
}
