import type { Hello } from "#proto/messages/frames.ts";
import type { HostState } from "#proto/messages/state.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Position } from "#proto/vocabulary/position.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { HostRecord, RackRecord, SiteRecord } from "./host-record.ts";
import type { InventoryConflict } from "./inventory-store.ts";

/** Which host sits where, and what it says of itself. Built by `createInventory` over a store. */
export interface Inventory {
  /** All hosts of the cell; served from memory, kept in step with every write of this process. */
  hosts(): Promise<readonly HostRecord[]>;
  host(id: HostId): Promise<HostRecord | undefined>;
  /** By id, or by name where no id is meant. */
  resolve(idOrName: string): Promise<HostRecord | undefined>;
  state(id: HostId): Promise<HostState | undefined>;
  sites(): Promise<readonly SiteRecord[]>;
  racks(): Promise<readonly RackRecord[]>;
  addHost(host: NewHost): Promise<Result<HostRecord, InventoryConflict>>;
  place(
    id: HostId,
    position: Position,
  ): Promise<Result<HostRecord, InventoryConflict | { readonly kind: "no-such-host" }>>;
  remove(id: HostId): Promise<boolean>;
  /** A session opened: boot id, release. */
  recordSession(id: HostId, hello: Hello): Promise<void>;
  /** New slow facts; also derives serial and hardware class. Resolves when on disk. */
  recordState(id: HostId, state: HostState): Promise<void>;
}

export interface NewHost {
  readonly id: HostId;
  readonly name: string;
  readonly phase: HostRecord["phase"];
  readonly position: Position | null;
  readonly simulated: boolean;
  readonly adopted: boolean;
  readonly serial: string | null;
}
