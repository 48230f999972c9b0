import type { Phase } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { LifeStore } from "./life-store.ts";
import type { OperationRecord } from "./operation.ts";
import { operationTable } from "./operation-table.ts";

/** Where the operation that quarantined a host had begun; null: none did that is remembered. */
export async function quarantinedFrom(
  store: Pick<LifeStore, "listOperations">,
  hostId: HostId,
): Promise<Phase | null> {
  return backToOf(await store.listOperations({ hostId, before: null, limit: 20 }));
}

/** The same, of a host's newest operations. */
export function backToOf(past: readonly OperationRecord[]): Phase | null {
  const culprit = past.find(
    ({ kind, status }) => status === "failed" && operationTable[kind].failure.to === "quarantined",
  );
  return culprit?.fromPhase ?? null;
}
