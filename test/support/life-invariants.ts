import type { HostRecord, Phase } from "#fleet/inventory/host-record.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import { mayBecome } from "#fleet/lifecycle/operation-table.ts";
import type { ExecutorWorld } from "./executor-world.ts";

/** What must hold after every step of a story; each breach is named for its rule. */
export interface LifeInvariants {
  /** Throws where a rule is broken. */
  check(): Promise<void>;
  /** Once nothing disturbs any more: everything has ended, or waits with a reason and an exit. */
  checkParked(): Promise<void>;
}

export function watchInvariants(world: ExecutorWorld): LifeInvariants {
  let before: HostRecord | null = null;
  let entries = 0;
  const broken = (rule: string, words: string): never => {
    throw new Error(`${rule}: ${words}`);
  };

  const check = async (): Promise<void> => {
    const { store } = world.life;
    const stored = await store.inventory.findHost(world.hostId);
    if (stored === undefined) return broken("L8", "the host's record is gone");
    const open = await store.lifecycle.listOpenOperations();
    if (open.length > 1) broken("L4", `${open.length} operations are open on one host`);
    checkOperation(stored, open[0] ?? null, broken);
    if (before !== null) checkStep(before, stored, broken);
    checkDrained(world, stored, broken);
    const past = await store.lifecycle.listOperations({
      hostId: world.hostId,
      before: null,
      limit: 1_000,
    });
    for (const operation of past) checkWords(operation, broken);
    entries = await checkAudit(world, entries, before, stored, past, broken);
    before = stored;
  };

  return {
    check,
    async checkParked() {
      await check();
      for (const operation of await world.life.store.lifecycle.listOpenOperations())
        if (operation.why.length === 0)
          broken("S12", `${operation.kind} step ${operation.step} waits without a reason`);
    },
  };
}

type Broken = (rule: string, words: string) => never;

/** The host's record and its operation say the same. */
function checkOperation(host: HostRecord, open: OperationRecord | null, broken: Broken): void {
  if ((host.op === null) !== (open === null))
    broken("L4", `the record says ${host.op?.kind ?? "none"}, the journal ${open?.kind ?? "none"}`);
  if (host.op === null || open === null) return;
  const { op } = host;
  if (op.id !== open.id || op.epoch !== open.epoch || op.step !== open.step)
    broken(
      "L4",
      `the record says ${op.step} at ${op.epoch}, the journal ${open.step} at ${open.epoch}`,
    );
  if (op.isPaused !== (open.status === "paused")) broken("L4", "paused in one place only");
  if (open.epoch > host.epoch)
    broken("L4", `epoch ${open.epoch} is above the host's ${host.epoch}`);
}

function checkStep(before: HostRecord, now: HostRecord, broken: Broken): void {
  if (now.epoch < before.epoch) broken("L4", `the epoch fell from ${before.epoch} to ${now.epoch}`);
  if (now.revision < before.revision) broken("revision", "it fell");
  if (!mayBecome(before.phase, now.phase)) broken("S8", `${before.phase} became ${now.phase}`);
  if (before.phase === "retired" && now.phase !== "retired") broken("L9", "a retired host lives");
  if (now.phase === "available" && before.phase !== "available")
    broken("L1", "available without an erased disk");
}

/** What is called drained is empty and fenced in truth, not only by what it said. */
function checkDrained(world: ExecutorWorld, host: HostRecord, broken: Broken): void {
  if (host.phase !== "drained" || host.op !== null) return;
  const truth = world.port.host(world.hostId);
  const running = [...truth.workloads].filter(([, { isRunning }]) => isRunning);
  if (running.length > 0)
    broken("drained", `${running.map(([name]) => name).join(", ")} still runs`);
  if (!truth.isFenced) broken("drained", "it still takes new work");
  const leases = world.life.manager().tenancy.leasesOf(world.hostId);
  if (leases.length > 0) broken("drained", `${leases.length} leases run`);
}

/** Nothing waits without a reason and an exit; nothing goes on for ever. */
function checkWords(operation: OperationRecord, broken: Broken): void {
  if (operation.status === "paused" && operation.why.length === 0)
    broken("S12", `a paused ${operation.kind} gives no reason`);
  for (const { words, who } of operation.why)
    if (words.trim() === "" || who.trim() === "") broken("S12", "a reason without words or exit");
  if (operation.endedMs === null && operation.deadlineMs === null)
    broken("S12", `a ${operation.kind} without a deadline`);
  const steps = operation.history.filter(({ outcome }) => outcome === "canceled");
  if (operation.status !== "canceled" && steps.length > 0)
    broken("L4", `a ${operation.status} operation was canceled`);
  if (operation.status === "done" && operation.detail.kind === "drain") {
    const { proof } = operation.detail;
    if (proof?.epoch !== operation.epoch) broken("drained", "not proven at its epoch");
    if (proof !== null && Math.abs(proof.agentMs - proof.tenancyMs) > lifecycleNumbers.proofFreshMs)
      broken("drained", "its two sources are not of one time");
  }
}

/** Each change of phase has one entry, and an operation that ended for it. */
async function checkAudit(
  world: ExecutorWorld,
  seen: number,
  before: HostRecord | null,
  now: HostRecord,
  past: readonly OperationRecord[],
  broken: Broken,
): Promise<number> {
  const records = await world.life.store.audit.read(seen + 1, 10_000);
  let previous: Phase | null = before?.phase ?? null;
  for (const { action, facts } of records) {
    if (action !== "host.phase") continue;
    if (previous !== null && facts["from"] !== previous)
      broken("S7", `${previous} became ${String(facts["to"])} without an entry`);
    previous = String(facts["to"]) as Phase;
    if (!past.some(({ id, status }) => id === facts["operation"] && status === "done"))
      broken("L3", "a phase changed without an operation that was done");
  }
  if (previous !== null && previous !== now.phase)
    broken("S7", `the audit ends in ${previous}, the record says ${now.phase}`);
  return records.at(-1)?.seq ?? seen;
}
