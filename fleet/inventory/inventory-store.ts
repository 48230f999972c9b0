import type { HostState } from "#proto/messages/state.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { ComponentStore } from "./component-store.ts";
import type { HostRecord, RackRecord, SiteRecord } from "./host-record.ts";

/**
 * What the inventory needs of a store; implemented in fleet/storage on both engines, checked by one
 * contract test. Writers give the revision they read: a record that moved since is a conflict.
 */
export interface InventoryStore extends ComponentStore {
  listHosts(): Promise<readonly HostRecord[]>;
  findHost(id: HostId): Promise<HostRecord | undefined>;
  findHostByName(name: string): Promise<HostRecord | undefined>;
  /** Refuses a name or a position that another host has; site and rack must be there already. */
  insertHost(record: HostRecord): Promise<Result<void, InventoryConflict>>;
  /** Writes `record` (whose revision is expectedRevision + 1) where the stored revision is still the expected one. */
  updateHost(
    record: HostRecord,
    expectedRevision: number,
  ): Promise<Result<void, InventoryConflict>>;
  /**
   * Forgets a wrongly enrolled host, its state and its keys; its id is never taken again. `in-use`: a
   * lease runs there or an operation has not ended, judged with the deletion; nothing was written.
   */
  removeHost(id: HostId): Promise<HostRemoval>;
  /**
   * Latest full state. One that is older in revision and in time does not overwrite a newer one of
   * the same boot; an agent that starts again counts its revisions afresh, so time decides then.
   */
  writeState(hostId: HostId, state: HostState): Promise<void>;
  readState(hostId: HostId): Promise<HostState | undefined>;
  listSites(): Promise<readonly SiteRecord[]>;
  upsertSite(site: SiteRecord): Promise<void>;
  listRacks(): Promise<readonly RackRecord[]>;
  /** Its site must be there already. */
  upsertRack(rack: RackRecord): Promise<void>;
  /**
   * All of it in one transaction, or nothing. Refused where a site, rack or host does not stand as the
   * file was compared with, and where units would be filled twice. As long as the file is large: some
   * thousand hosts take tenths of a second, in which nothing else is written.
   */
  applyEstate(write: EstateWrite): Promise<Result<void, EstateConflict>>;
}

export type HostRemoval = "removed" | "unknown" | "in-use";

/** What a file changes, as records. `before` and `expectedRevision` are what must stand. */
export interface EstateWrite {
  readonly sites: readonly { readonly record: SiteRecord; readonly before: SiteRecord | null }[];
  readonly racks: readonly { readonly record: RackRecord; readonly before: RackRecord | null }[];
  readonly added: readonly HostRecord[];
  readonly changed: readonly { readonly record: HostRecord; readonly expectedRevision: number }[];
}

export type EstateConflict =
  | InventoryConflict
  /** Somebody changed it since the file was compared. */
  | { readonly kind: "estate-moved"; readonly what: string };

export type InventoryConflict =
  | { readonly kind: "name-taken"; readonly name: string }
  | { readonly kind: "position-taken"; readonly position: string; readonly by: string }
  /** The site is known already, in another region than the position says. */
  | { readonly kind: "site-elsewhere"; readonly site: string; readonly region: string }
  | { readonly kind: "revision-moved"; readonly expected: number; readonly found: number | null };
