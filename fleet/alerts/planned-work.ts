import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { OperationKind } from "#fleet/inventory/running-operation.ts";
import { operationWords } from "#fleet/lifecycle/lifecycle-word.ts";
import type { AlertKind } from "./alert.ts";
import { neverWork } from "./alert-numbers.ts";

/** What is silent, or looks broken, because we are at it. */
const caused: Partial<Record<AlertKind, ReadonlySet<OperationKind>>> = {
  "host-lost": new Set<OperationKind>([
    "reboot",
    "power",
    "service",
    "repair",
    "reimage",
    "deploy",
    "burnin",
    "retire",
  ]),
  health: new Set<OperationKind>(["service", "repair", "reimage", "burnin", "retire"]),
  "fault-hold": new Set<OperationKind>(["service", "repair", "reimage", "burnin", "retire"]),
};

/**
 * Our own work that explains it, in words; null: none does. A host that is drained was emptied for
 * somebody to work on it; in its site's maintenance window single hosts come and go. A place where
 * many were lost, safe mode and a broken audit are never explained away.
 */
export function workThere(
  kind: AlertKind,
  host: Pick<HostRecord, "name" | "op" | "phase" | "position">,
  openWindows: ReadonlySet<string>,
): string | null {
  if (neverWork.has(kind)) return null;
  if (host.op !== null && caused[kind]?.has(host.op.kind) === true)
    return `${host.name} is ${operationWords[host.op.kind] ?? `in ${host.op.kind}`}`;
  if (kind !== "host-lost") return null;
  if (host.phase === "drained") return `${host.name} is drained`;
  const site = host.position?.site;
  return site !== undefined && openWindows.has(site)
    ? `the maintenance window of ${site} is open`
    : null;
}
