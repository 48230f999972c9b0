import type { HostPort, OrderAnswer, OrderProblem } from "#fleet/executor/host-port.ts";
import type { HostOrder, OrderEvidence, OrderProgress, Workload } from "#proto/messages/orders.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** How badly the way to the hosts behaves; all 0: not at all. */
export interface PortFaults {
  /** Share of orders that never arrive, of answers and of progress that is lost. */
  readonly loss: number;
  /** An order is delivered twice, the second time late. */
  readonly duplicate: number;
  /** Up to this long on each way, drawn; what is sent later may arrive first. */
  readonly delayMs: number;
}

export const noFaults: PortFaults = { loss: 0, duplicate: 0, delayMs: 0 };

/** A host with an agent as the messages describe it: what is really so there. */
export interface SimulatedHost {
  isConnected: boolean;
  /** Highest epoch seen; kept over its restarts. */
  epoch: number;
  isFenced: boolean;
  readonly workloads: Map<string, SimulatedWorkload>;
  tenantMounts: string[];
  unasked: string[];
  bootId: string;
  generation: number;
  serial: string | null;
  /** What it refuses, in words; null: nothing. */
  refuses: string | null;
  /** Every order that it carried out, in order: `evacuate 3`. */
  readonly done: string[];
  readonly refused: string[];
  /** Ids of orders that an epoch below its own forbade. */
  lateOrders: number;
  readonly answers: Map<string, OrderAnswer>;
  evacuation: Evacuation | null;
}

export interface SimulatedWorkload {
  isRunning: boolean;
  /** A graceful stop takes this long; Infinity: it never ends by itself. */
  stopMs: number;
  /** Stopped by an evacuation, so that a release may start it again. */
  wasStopped: boolean;
  /** What its unit or hook says while it does not end. */
  says?: string;
}

interface Evacuation {
  readonly order: HostOrder;
  state: "running" | "ended" | "halted";
}

interface WaitingOrder {
  readonly hostId: HostId;
  readonly order: HostOrder;
  readonly giveUp: () => void;
}

export interface SimulatedHostPort extends HostPort {
  faults: PortFaults;
  host(id: HostId): SimulatedHost;
  /** Orders that nobody has answered yet, oldest first: `evacuate 3`. */
  waiting(id: HostId): readonly string[];
  /** Boots anew: another boot id; what it had on disk stays. */
  reboot(id: HostId): void;
  /** Called when a host restarts by order, some time after its answer. */
  onReboot: (id: HostId) => void;
  /** Sends progress as if the host did. */
  tell(id: HostId, progress: OrderProgress): void;
}

/** How long an answer is waited for at most, when the host says nothing. */
const settleMs = 1_000;

/**
 * Hosts and the way to them, on virtual time: delivered at least once, done at most once for each
 * (operation, epoch, action), lower epochs refused. What is drawn comes from the seed.
 */
export function createSimulatedHostPort(clock: Clock, random: SeededRandom): SimulatedHostPort {
  const hosts = new Map<HostId, SimulatedHost>();
  const waiting = new Set<WaitingOrder>();
  const listeners = new Set<(hostId: HostId, progress: OrderProgress) => void>();

  const hostOf = (id: HostId): SimulatedHost => {
    const known = hosts.get(id);
    if (known !== undefined) return known;
    const fresh: SimulatedHost = {
      isConnected: true,
      epoch: 0,
      isFenced: false,
      workloads: new Map(),
      tenantMounts: [],
      unasked: [],
      bootId: "boot-1",
      generation: 1,
      serial: null,
      refuses: null,
      done: [],
      refused: [],
      lateOrders: 0,
      answers: new Map(),
      evacuation: null,
    };
    hosts.set(id, fresh);
    return fresh;
  };

  const delay = (): number => Math.floor(random.next() * port.faults.delayMs);

  const workloadsOf = (host: SimulatedHost): readonly Workload[] =>
    [...host.workloads].map(([name, { isRunning, says }]) => ({
      name,
      state: isRunning
        ? host.evacuation?.state === "running"
          ? "stopping"
          : "running"
        : "stopped",
      detail: isRunning ? (says ?? "") : "",
    }));

  const evidenceOf = (host: SimulatedHost): OrderEvidence => ({
    epoch: host.epoch,
    isFenced: host.isFenced,
    workloads: workloadsOf(host),
    tenantMounts: host.tenantMounts,
    unasked: host.unasked,
    observedMs: clock.nowUnixMs(),
  });

  const tell = (id: HostId, progress: OrderProgress): void => {
    const send = (): void => {
      for (const listener of listeners) listener(id, progress);
    };
    if (random.chance(port.faults.loss)) return;
    clock.after(delay(), send);
    if (random.chance(port.faults.duplicate)) clock.after(delay() * 3, send);
  };

  const tellOf = (id: HostId, host: SimulatedHost, state: OrderProgress["state"]): void => {
    const { evacuation } = host;
    if (evacuation === null) return;
    tell(id, {
      operationId: evacuation.order.operationId,
      epoch: evacuation.order.epoch,
      state,
      workloads: workloadsOf(host),
      observedMs: clock.nowUnixMs(),
    });
  };

  const evacuate = (id: HostId, host: SimulatedHost, order: HostOrder): void => {
    const { action } = order;
    if (action.kind !== "evacuate") return;
    const mine: Evacuation = { order, state: "running" };
    host.evacuation = mine;
    const nowMs = clock.nowUnixMs();
    const isMine = (): boolean => host.evacuation === mine && mine.state === "running";
    const finish = (): void => {
      if (!isMine() || [...host.workloads.values()].some(({ isRunning }) => isRunning)) return;
      mine.state = "ended";
      tellOf(id, host, "ended");
    };
    for (const workload of host.workloads.values()) {
      if (!workload.isRunning || !Number.isFinite(workload.stopMs)) continue;
      clock.after(workload.stopMs, () => {
        if (!isMine()) return;
        workload.isRunning = false;
        workload.wasStopped = true;
        tellOf(id, host, "running");
        finish();
      });
    }
    clock.after(Math.max(0, action.deadlineMs - nowMs), () => {
      if (!isMine()) return;
      if (action.force)
        for (const workload of host.workloads.values())
          if (workload.isRunning) {
            workload.isRunning = false;
            workload.wasStopped = true;
          }
      mine.state = "ended";
      tellOf(id, host, "ended");
    });
    finish();
  };

  const act = (id: HostId, host: SimulatedHost, order: HostOrder): OrderAnswer => {
    const { action } = order;
    const refuse = (detail: string): OrderAnswer => {
      host.refused.push(`${action.kind}: ${detail}`);
      return { result: "refused", detail, evidence: evidenceOf(host) };
    };
    if (order.epoch < host.epoch) {
      host.lateOrders += 1;
      return refuse(`epoch ${order.epoch} is lower than ${host.epoch}`);
    }
    if (order.generation !== host.generation) return refuse("another generation");
    if (order.serial !== null && host.serial !== null && order.serial !== host.serial)
      return refuse("another serial");
    if (host.refuses !== null) return refuse(host.refuses);
    if (order.epoch > host.epoch && host.evacuation?.state === "running")
      host.evacuation.state = "halted";
    host.epoch = order.epoch;
    const key = `${order.operationId} ${order.epoch} ${JSON.stringify(action)}`;
    if (action.kind === "prove-empty")
      return { result: "done", detail: "", evidence: evidenceOf(host) };
    const before = host.answers.get(key);
    if (before !== undefined) return { ...before, evidence: evidenceOf(host) };
    host.done.push(`${action.kind} ${order.epoch}`);
    if (action.kind === "fence") host.isFenced = true;
    else if (action.kind === "evacuate") evacuate(id, host, order);
    else if (action.kind === "halt-evacuation") {
      if (host.evacuation?.state === "running") host.evacuation.state = "halted";
    } else if (action.kind === "release") {
      if (host.evacuation !== null) host.evacuation.state = "halted";
      host.isFenced = false;
      for (const workload of host.workloads.values()) {
        if (action.restart && workload.wasStopped) workload.isRunning = true;
        workload.wasStopped = false;
      }
    } else if (action.kind === "reboot") clock.after(5_000, () => port.onReboot(id));
    const answer: OrderAnswer = { result: "done", detail: "", evidence: evidenceOf(host) };
    host.answers.set(key, answer);
    return answer;
  };

  const port: SimulatedHostPort = {
    faults: noFaults,
    host: hostOf,
    tell,
    waiting: (id) =>
      [...waiting]
        .filter(({ hostId }) => hostId === id)
        .map(({ order: { action, epoch } }) => `${action.kind} ${epoch}`),
    withdraw(id, operationId, epoch) {
      for (const { hostId, order, giveUp } of [...waiting]) {
        const isUndoing = ["halt-evacuation", "release"].includes(order.action.kind);
        if (hostId !== id || order.operationId !== operationId || isUndoing) continue;
        if (order.epoch <= epoch) giveUp();
      }
    },
    onReboot: (id) => port.reboot(id),
    reboot(id) {
      const host = hostOf(id);
      host.bootId = `boot-${Number(host.bootId.slice(5)) + 1}`;
    },
    onProgress(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    order: (id, order, validMs) =>
      new Promise<Result<OrderAnswer, OrderProblem>>((resolve) => {
        const host = hostOf(id);
        let isSettled = false;
        const settle = (result: Result<OrderAnswer, OrderProblem>): void => {
          if (isSettled) return;
          isSettled = true;
          waiting.delete(mine);
          cancel();
          resolve(result);
        };
        const cancel = clock.after(Math.max(validMs, settleMs), () =>
          settle(fail({ kind: "unanswered" })),
        );
        const giveUp = (): void => settle(fail({ kind: "given-up" }));
        const mine: WaitingOrder = { hostId: id, order, giveUp };
        waiting.add(mine);
        const deliver = (): void => {
          if (!host.isConnected) return;
          const answer = act(id, host, order);
          if (random.chance(port.faults.loss)) return;
          if (port.faults.delayMs === 0) settle(ok(answer));
          else clock.after(delay(), () => settle(ok(answer)));
        };
        const isLost = random.chance(port.faults.loss);
        if (port.faults.delayMs === 0 && !isLost) deliver();
        else if (!isLost) clock.after(delay(), deliver);
        if (random.chance(port.faults.duplicate)) clock.after(delay() * 4, deliver);
      }),
  };
  return port;
}
