import type { HostRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { exits } from "../exits.ts";
import type { Asker, LifeRefusal } from "../lifecycle.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { PlanAction, PlanHost, PlanRecord } from "../plan.ts";
import type { Why } from "../why.ts";
import { atOnceMaxOf, blastRadiusOf } from "./blast-radius.ts";
import { whyCannot } from "./host-checks.ts";
import { createWindowReader } from "./maintenance-window.ts";
import { rackOf, siteOf } from "./places.ts";
import { hashPlan } from "./plan-hash.ts";
import type { PlanPolicy } from "./plan-policy.ts";
import { irreversibleOf, warningsOf } from "./plan-warnings.ts";
import { predictMs } from "./predict-duration.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";
import { orderHosts, waveSizes } from "./waves.ts";

export interface PlanAsk {
  readonly action: PlanAction;
  readonly selector: string;
  readonly hostIds: readonly HostId[];
  readonly asker: Asker;
  /** Of operations of this kind that ended well, milliseconds. */
  readonly durationsMs: readonly number[];
}

/** All of a plan but its name and its progress. */
export type PlannedParts = Omit<
  PlanRecord,
  "id" | "status" | "appliedBy" | "appliedMs" | "endedMs" | "why" | "version"
>;

/** Steps of each kind, as its operation goes through them. */
export const planSteps = {
  drain: ["cordon", "notify", "reserve", "evacuate", "prove"],
  reboot: ["ask", "down", "back"],
  return: ["release"],
  clear: ["check"],
  power: ["order", "seen"],
  locate: ["light", "keep"],
} as const satisfies Record<PlanAction["kind"], readonly string[]>;

/**
 * A plan: a pure function of the snapshot, the policy and what was asked; in whatever order hosts
 * were named. Refused where the list is empty or names nobody, and where not one host can take part.
 */
export function planHosts(
  index: SnapshotIndex,
  policy: PlanPolicy,
  ask: PlanAsk,
): Result<PlannedParts, LifeRefusal> {
  const { action, asker, selector } = ask;
  const named = [...new Set(ask.hostIds)];
  const resolved: HostRecord[] = [];
  for (const id of named) {
    const host = index.hosts.get(id);
    if (host === undefined) return fail({ kind: "unknown", what: `host ${id}` });
    resolved.push(host);
  }
  const judged = resolved
    .toSorted((left, right) => (left.id < right.id ? -1 : 1))
    .map((host) => ({ host, why: whyCannot(host, ask, index) }));
  const able = judged.filter(({ why }) => why.length === 0).map(({ host }) => host);
  const unable = judged.filter(({ why }) => why.length > 0);
  if (able.length === 0) return fail({ kind: "refused", why: whyNobody(unable, selector) });

  const waves = waveSizes(able.length);
  const { nowMs } = index.snapshot;
  const atOnceMax = atOnceMaxOf(able, index, policy.budgets);
  const pace = {
    waves,
    soakMs: policy.soakMs,
    atOnceMax,
    brokenShareMax: policy.brokenShareMax,
  };
  const blast = blastRadiusOf({ action, hosts: able, index, budgets: policy.budgets });
  const windows = windowsOf(able, action, index);
  const duplicates = ask.hostIds.length - named.length;
  const warnings = [
    ...(duplicates > 0 ? [`${duplicates} hosts were named more than once`] : []),
    ...(unable.length > 0 ? [`${unable.length} of ${named.length} hosts cannot take part`] : []),
    ...windows.warnings,
    ...warningsOf({ action, hosts: able, index, blast }),
  ];
  const frozen = {
    action,
    selector,
    reason: asker.reason,
    createdBy: asker.name,
    ...(asker.kind === "automation" && { createdByKind: asker.kind }),
    createdMs: nowMs,
    expiresMs: unixMs(nowMs + lifecycleNumbers.planValidMs),
    hosts: [
      ...inWaves(orderHosts(able, index), waves, action),
      ...unable.map(({ host, why }) => planHost(host, waves.length, action, why)),
    ],
    irreversible: irreversibleOf(action, able, index),
    pace,
  };
  const predictedMs = predictMs({
    durationsMs: ask.durationsMs,
    waves,
    atOnceMax,
    soakMs: policy.soakMs,
    untilWindowMs: windows.untilMs,
  });
  return ok({ ...frozen, hash: hashPlan(frozen), blast, warnings, predictedMs });
}

/** Whether an action waits for maintenance windows: not one that cannot. */
export function keepsWindows(action: PlanAction): boolean {
  if (action.kind === "drain") return action.drain === "planned";
  // Who switches a host on or off stands before it, or nothing runs there that a window would keep.
  return action.kind === "reboot";
}

function whyNobody(
  unable: readonly { readonly why: readonly Why[] }[],
  selector: string,
): readonly Why[] {
  if (unable.length > 0) return unable.flatMap(({ why }) => why).slice(0, whyMax);
  return [
    {
      code: "plan",
      words: `"${selector}" names no host; an empty list never means all`,
      who: "who asks",
      command: exits.hostList(),
      untilMs: null,
    },
  ];
}

/** Reasons in one refusal: the rest are of the same kind. */
const whyMax = 100;

function inWaves(
  hosts: readonly HostRecord[],
  sizes: readonly number[],
  action: PlanAction,
): readonly PlanHost[] {
  const placed: PlanHost[] = [];
  for (const [wave, size] of sizes.entries()) {
    for (const host of hosts.slice(placed.length, placed.length + size))
      placed.push(planHost(host, wave, action, []));
  }
  return placed;
}

function planHost(
  host: HostRecord,
  wave: number,
  action: PlanAction,
  why: readonly Why[],
): PlanHost {
  return {
    hostId: host.id,
    name: host.name,
    serial: host.serial,
    revision: host.revision,
    phase: host.phase,
    rack: rackOf(host),
    hardwareClass: host.hardwareClass,
    wave,
    steps: planSteps[action.kind],
    state: why.length === 0 ? "waiting" : "skipped",
    why,
    operationId: null,
    endedMs: null,
  };
}

/** How long until the first site may be disturbed, and which are closed now. */
function windowsOf(
  hosts: readonly HostRecord[],
  action: PlanAction,
  index: SnapshotIndex,
): { readonly untilMs: number; readonly warnings: readonly string[] } {
  if (!keepsWindows(action)) return { untilMs: 0, warnings: [] };
  const { nowMs } = index.snapshot;
  const reader = createWindowReader();
  const sites = [...new Set(hosts.map(siteOf))].toSorted();
  const closed = sites.flatMap((site) => {
    const record: SiteRecord | undefined = index.sites.get(site);
    const why = reader.whyClosed(record, nowMs);
    return why === null ? [] : [why];
  });
  const isOneOpen = closed.length < sites.length;
  const untils = closed.map(({ untilMs }) => (untilMs === null ? 0 : untilMs - nowMs));
  return {
    untilMs: isOneOpen ? 0 : Math.min(...untils),
    warnings: closed.map(({ words, untilMs }) =>
      untilMs === null ? words : `${words}; its hosts wait for the next one`,
    ),
  };
}
