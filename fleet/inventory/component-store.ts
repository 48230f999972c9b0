import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { ComponentChange, KnownComponent } from "./component-history.ts";
import type { HardwareProfile } from "./hardware-profile.ts";

/** A change as it is kept: when the host said so, and in which of its boots. */
export interface ComponentChangeRecord {
  /** Counts the host's changes, from 1. */
  readonly number: number;
  readonly atMs: UnixMs;
  readonly bootId: BootId | null;
  readonly change: ComponentChange;
}

/** Changes of one host that are kept; the oldest give way. */
export const componentChangesMax = 1_000;
/** Components of one host that are kept, gone ones too; those gone longest give way. */
export const knownComponentsMax = 4_096;

/** What the inventory needs of a store for the past of components. */
export interface ComponentStore {
  /** By key, ascending; gone ones too. Unknown host: none. */
  listComponents(hostId: HostId): Promise<readonly KnownComponent[]>;
  /** Writes both or neither. A host that was removed meanwhile is left alone. */
  writeComponents(
    hostId: HostId,
    known: readonly KnownComponent[],
    changes: readonly Omit<ComponentChangeRecord, "number">[],
  ): Promise<void>;
  /** The newest, newest first. */
  listComponentChanges(hostId: HostId, limit: number): Promise<readonly ComponentChangeRecord[]>;
  readHardwareProfile(hardwareClass: string): Promise<HardwareProfile | undefined>;
  writeHardwareProfile(
    hardwareClass: string,
    profile: HardwareProfile,
    sinceMs: UnixMs,
  ): Promise<void>;
}
