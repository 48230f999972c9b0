import type { Hello } from "#proto/messages/frames.ts";
import type { HostState } from "#proto/messages/state.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Position } from "#proto/vocabulary/position.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { KnownComponent } from "./component-history.ts";
import type { ComponentChangeRecord } from "./component-store.ts";
import type { HardwareDifference } from "./hardware-profile.ts";
import type { HostRecord, RackRecord, SiteRecord } from "./host-record.ts";
import type { EstateChanges } from "./estate/estate-changes.ts";
import type { EstateConflict, HostRemoval, InventoryConflict } from "./inventory-store.ts";

/** Which host sits where, and what it says of itself. Built by `createInventory` over a store. */
export interface Inventory {
  /** All hosts of the cell; served from memory, kept in step with every write of this process. */
  hosts(): Promise<readonly HostRecord[]>;
  host(id: HostId): Promise<HostRecord | undefined>;
  /** By id, or by name where no id is meant. */
  resolve(idOrName: string): Promise<HostRecord | undefined>;
  state(id: HostId): Promise<HostState | undefined>;
  /** Every component that the host has or had, gone ones too. */
  components(id: HostId): Promise<readonly KnownComponent[]>;
  /** The newest changes of its components, newest first. */
  componentChanges(id: HostId, limit: number): Promise<readonly ComponentChangeRecord[]>;
  /** What it has more or less of than its class; null: it has no class, or said nothing yet. */
  hardwareDifferences(id: HostId): Promise<readonly HardwareDifference[] | null>;
  /**
   * What it is now is what it shall be: it goes to the class of its parts. Answers the record;
   * undefined: no such host, or it said nothing yet.
   */
  acceptHardware(id: HostId): Promise<HostRecord | undefined>;
  sites(): Promise<readonly SiteRecord[]>;
  racks(): Promise<readonly RackRecord[]>;
  addHost(host: NewHost): Promise<Result<HostRecord, InventoryConflict>>;
  place(
    id: HostId,
    position: Position,
  ): Promise<Result<HostRecord, InventoryConflict | { readonly kind: "no-such-host" }>>;
  remove(id: HostId): Promise<HostRemoval>;
  /**
   * Writes all that a file changes, or nothing where something moved since it was compared. New hosts
   * are `planned`: they have a place and no key.
   */
  applyEstate(
    changes: EstateChanges,
    newHostId: () => HostId,
  ): Promise<Result<{ readonly hosts: readonly HostRecord[] }, EstateConflict>>;
  /**
   * A machine came for a planned host: adopted as it stands (`active`, only watched), or `new`.
   * Refused where it is planned no more. Two that come at once may both hear yes: whose key is pinned
   * to the host decides.
   */
  claimPlanned(
    id: HostId,
    as: { readonly adopted: boolean; readonly simulated: boolean },
  ): Promise<Result<HostRecord, { readonly kind: "not-planned" }>>;
  /** A record that another module has just written; its event is published. */
  noteWritten(record: HostRecord): Promise<void>;
  /**
   * One record as it is stored: another process may have written it, or the answer to a write was lost.
   * That it is gone is published.
   */
  reread(id: HostId): Promise<HostRecord | undefined>;
  /** Every record as it is stored; what differs is published. For who takes over from another process. */
  reload(): Promise<void>;
  /** A session opened: boot id, release. */
  recordSession(id: HostId, hello: Hello): Promise<void>;
  /**
   * New slow facts; also derives serial and, in the host's first hour, its hardware class: a host
   * that loses a part later stays of its class and differs from it. Notes what changed in its
   * components. Resolves when on disk.
   */
  recordState(id: HostId, state: HostState): Promise<void>;
}

export interface NewHost {
  readonly id: HostId;
  readonly name: string;
  readonly phase: HostRecord["phase"];
  readonly position: Position | null;
  readonly simulated: boolean;
  readonly adopted: boolean;
  readonly watchedOnly: boolean;
  readonly serial: string | null;
}
