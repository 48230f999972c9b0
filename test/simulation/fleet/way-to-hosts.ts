import type { HostPort, OrderAnswer, OrderProblem } from "#fleet/executor/host-port.ts";
import type { OrderProgress } from "#proto/messages/orders.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { FleetNetwork } from "./fleet-network.ts";
import type { Command } from "./simulated-server.ts";
import { unixMs } from "#proto/vocabulary/units.ts";

/** What one manager sends its hosts and hears of them, as the gateway's command queue does it. */
export interface WayToHosts extends HostPort {
  /** The host has a session again: what waits for it is sent anew. */
  back(hostId: HostId): void;
  hear(hostId: HostId, progress: OrderProgress): void;
  close(): void;
}

interface Waiting {
  readonly command: Command;
  readonly settle: (result: Result<OrderAnswer, OrderProblem>) => void;
}

export function createWayToHosts(parts: {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly network: FleetNetwork;
  readonly term: () => number;
  readonly wallMs: () => number;
  readonly inProcess: (run: () => void) => void;
}): WayToHosts {
  const { clock, random, network, inProcess } = parts;
  const waiting = new Map<HostId, Set<Waiting>>();
  const listeners = new Set<(hostId: HostId, progress: OrderProgress) => void>();
  let isClosed = false;

  const transmit = (hostId: HostId, entry: Waiting): void => {
    const { loss, duplicate, delayMs } = network.faults(hostId);
    const carry = (afterMs: number): void => {
      if (random.chance(loss)) return;
      clock.after(afterMs, () => {
        const server = network.server(hostId);
        if (server === undefined || !network.mayReach(hostId)) return;
        const answer = server.take(entry.command);
        if (!network.mayAnswer(hostId) || random.chance(loss)) return;
        const wallMs = parts.wallMs();
        const told: OrderAnswer = {
          ...answer,
          evidence: answer.evidence && {
            ...answer.evidence,
            observedMs: unixMs(answer.evidence.observedMs + wallMs),
          },
        };
        clock.after(20 + random.next() * delayMs, () => {
          if (!isClosed) inProcess(() => entry.settle(ok(told)));
        });
      });
    };
    carry(20 + random.next() * delayMs);
    if (random.chance(duplicate)) carry(1_000 + random.next() * delayMs * 3);
  };

  return {
    order: (hostId, order, validMs) =>
      new Promise((resolve) => {
        const sentMs = clock.nowUnixMs();
        const term = parts.term();
        const command: Command = {
          term,
          order,
          sentMs,
          expiresMs: sentMs + validMs,
          wallMs: parts.wallMs(),
        };
        network.see({ kind: "sent", atMs: sentMs, manager: parts.name, hostId, term, order });
        const queue = waiting.get(hostId) ?? new Set();
        waiting.set(hostId, queue);
        const cancel = clock.after(validMs, () =>
          inProcess(() => entry.settle(fail({ kind: "unanswered" }))),
        );
        const entry: Waiting = {
          command,
          settle(result) {
            if (!queue.delete(entry)) return;
            if (queue.size === 0 && waiting.get(hostId) === queue) waiting.delete(hostId);
            cancel();
            resolve(result);
          },
        };
        queue.add(entry);
        if (network.heard(hostId).isHeard || network.mayReach(hostId)) transmit(hostId, entry);
      }),
    withdraw(hostId, operationId, epoch) {
      for (const entry of [...(waiting.get(hostId) ?? [])]) {
        const { order } = entry.command;
        const isUndoing =
          order.action.kind === "halt-evacuation" || order.action.kind === "release";
        if (order.operationId === operationId && order.epoch <= epoch && !isUndoing)
          entry.settle(fail({ kind: "given-up" }));
      }
    },
    onProgress(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    back(hostId) {
      for (const entry of waiting.get(hostId) ?? []) transmit(hostId, entry);
    },
    hear(hostId, progress) {
      if (isClosed) return;
      const told = { ...progress, observedMs: unixMs(progress.observedMs + parts.wallMs()) };
      inProcess(() => {
        for (const listener of listeners) listener(hostId, told);
      });
    },
    close() {
      isClosed = true;
      waiting.clear();
    },
  };
}
