import type { OrderFacts } from "#agent/journal/order-journal.ts";
import type { OrderEvidence, Workload } from "#proto/messages/orders.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { toWireText, utf8Bytes } from "#proto/vocabulary/wire-text.ts";
import { type HostSight, isThere } from "./host-control.ts";

/** What names, details and mounts of one message may take; the rest of the frame is small. */
const bytesMax = wireLimits.messageBytesMax * 0.6;
/** Mounts told; each may be as long as any text. */
const mountsMax = 256;
/** Tag, length and state of a workload, tags and lengths of its texts. */
const bytesAround = 16;

/**
 * A sight as it goes on the wire: what is stopped is not there, and what does not fit into one
 * message is told as not asked, so that it never counts as empty.
 */
export function evidenceOf(
  sight: HostSight,
  facts: Pick<OrderFacts, "epoch" | "fence">,
  observedMs: UnixMs,
): { readonly evidence: OrderEvidence; readonly note: string } {
  const workloads = fitWorkloads(sight.workloads.filter(isThere));
  const mounts = fitTexts(sight.tenantMounts, mountsMax);
  const untold = workloads.leftOut + mounts.leftOut;
  const more = untold === 0 ? [] : [`agent: ${untold} workloads and mounts more than are told`];
  const evidence = {
    epoch: facts.epoch,
    isFenced: facts.fence !== null,
    workloads: workloads.items,
    tenantMounts: mounts.items,
    unasked: fitTexts([...more, ...sight.unasked], wireLimits.unaskedPerHostMax).items,
    observedMs,
  };
  return { evidence, note: sight.note };
}

export interface Fitted<Item> {
  readonly items: readonly Item[];
  /** How many were left out: what is not told must not count as empty. */
  readonly leftOut: number;
}

/**
 * Workloads as they go on the wire: names clean, cut and unique, those that are there before those
 * that are stopped, and no more than one message holds. Details go before names do.
 */
export function fitWorkloads(workloads: readonly Workload[]): Fitted<Workload> {
  const names = new Set<string>();
  const clean: Workload[] = [];
  for (const workload of workloads) {
    const name = uniqueName(toWireText(workload.name) || "(no name)", names);
    names.add(name);
    clean.push({ name, state: workload.state, detail: toWireText(workload.detail) });
  }
  const ordered = [
    ...clean.filter(({ state }) => state !== "stopped"),
    ...clean.filter(({ state }) => state === "stopped"),
  ];
  const listed = ordered.slice(0, wireLimits.workloadsPerHostMax);
  const bare = listed.map((workload) => ({ ...workload, detail: "" }));
  const fits = sizeOf(listed) <= bytesMax ? listed : cut(bare);
  return { items: fits, leftOut: ordered.length - fits.length };
}

/** Texts clean, cut and no more than `countMax` of them. */
export function fitTexts(texts: readonly string[], countMax: number): Fitted<string> {
  const items = texts.slice(0, countMax).map(toWireText);
  return { items, leftOut: texts.length - items.length };
}

function cut(workloads: readonly Workload[]): readonly Workload[] {
  let bytes = 0;
  const end = workloads.findIndex((workload) => {
    bytes += sizeOf([workload]);
    return bytes > bytesMax;
  });
  return end < 0 ? workloads : workloads.slice(0, end);
}

function sizeOf(workloads: readonly Workload[]): number {
  return workloads.reduce(
    (bytes, { name, detail }) => bytes + bytesAround + utf8Bytes(name) + utf8Bytes(detail),
    0,
  );
}

/** Two long names may be cut to one: the second gets a number in the place of its end. */
function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const end = `~${number}`;
    const candidate = `${toWireText(name.slice(0, wireLimits.stringBytesMax / 4))}${end}`;
    if (!taken.has(candidate)) return candidate;
  }
}
