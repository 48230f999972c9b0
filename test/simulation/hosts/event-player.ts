import { perfectWire } from "#test/support/memory-link.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { CellStore } from "./cell-store.ts";
import { speakHostile } from "./hostile-host.ts";
import type { ManagerProcess } from "./manager-process.ts";
import type { OperatorAct, Operators } from "./operators.ts";
import type { Seat } from "./seat.ts";
import type { StoryEvent } from "./story.ts";
import { tellEvent } from "./story-words.ts";
import type { Trace } from "./trace.ts";
import type { StoreWatch, Tell } from "./watched-store.ts";
import type { WorldHost } from "./world-host.ts";

/** Makes the events of a story happen. */
export interface EventPlayer {
  schedule(events: readonly StoryEvent[]): void;
  /** Everything that is wrong is mended, and stays so; people look at what waits for them. */
  calm(): void;
}

/** People who were told of safe mode, or of a domain event, look again so often. */
const lookAgainMs = 60_000;
/** Between the end of the old store and the start of managers on the other one. */
const restoreMs = 5_000;

export function createEventPlayer(parts: {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly cell: CellStore;
  readonly watch: StoreWatch;
  readonly seats: readonly Seat[];
  readonly hosts: readonly WorldHost[];
  readonly answering: () => ManagerProcess | null;
  readonly operators: Operators;
  readonly tell: Tell;
  readonly trace: Trace;
}): EventPlayer {
  const { clock, cell, seats, hosts, operators, trace } = parts;
  const startMs = clock.nowMonotonicMs();
  let isCalm = false;

  /** A fault that ends by itself, or when calm begins. */
  const endings = new Set<() => void>();
  const fault = (forMs: number, end: () => void): void => {
    const ending = (): void => {
      if (!endings.delete(ending)) return;
      end();
    };
    endings.add(ending);
    clock.after(forMs, ending);
  };

  const seatOf = (name: string): Seat | undefined => seats.find((seat) => seat.name === name);
  const networks = () => seats.map(({ network }) => network);

  const restore = async (event: StoryEvent & { do: "store-restored" }): Promise<void> => {
    const name = backupName(event);
    if (!cell.hasBackup(name) || cell.isAway) return;
    cell.isAway = true;
    for (const seat of seats) seat.kill(restoreMs * 2);
    await pause(restoreMs);
    await cell.restore(name, event.isMarked);
    const contents = await parts.watch.contents(cell.store());
    parts.tell({ kind: "restored", ...contents });
    // Who was removed since is known again.
    for (const host of hosts)
      if (host.isRevoked && contents.hosts.some(({ id }) => id === host.agent.hostId())) {
        host.isRevoked = false;
        trace.note(`${host.agent.name} is in the restored store again`);
        // It was sent away for good: somebody starts its agent again.
        host.agent.crash();
        host.agent.start();
      }
    cell.isAway = false;
    clock.after(event.acknowledgeMs, () => void acknowledge());
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => void clock.after(ms, resolve));

  /** Two people look at a store that is not trusted, as often as it takes. */
  const acknowledge = async (): Promise<void> => {
    const manager = parts.answering();
    if (manager !== null && manager.life.safeMode.mode() !== null) {
      for (const by of ["ann", "ben"]) {
        const answer = await manager.life.safeMode.acknowledge(by, "it is yesterday's store");
        trace.note(`${by} acknowledges the store: ${answer.ok}`);
      }
    }
    if (parts.answering()?.life.safeMode.mode() !== null)
      clock.after(lookAgainMs, () => void acknowledge());
  };

  const speak = (event: StoryEvent & { do: "hostile" }): void => {
    const host = hosts[event.host];
    const victim = hosts[event.victim];
    if (host === undefined || victim === undefined || host === victim || !host.agent.isOn()) return;
    const victimId = victim.agent.hostId();
    host.agent.crash();
    host.isHostile = true;
    host.isLiarHeard = false;
    host.wasHostile = true;
    const operation =
      parts.answering()?.life.lifecycle.explain(victimId) ?? Promise.resolve(undefined);
    void operation.then((explained) =>
      speakHostile({
        host: host.agent,
        transport: host.bareTransport,
        clock,
        random: parts.random.fork(`hostile ${event.host} ${event.atMs}`),
        victim: {
          hostId: victimId,
          serial: victim.agent.serial,
          operation: explained?.operation ?? null,
          commandIds: victim.unanswered(),
        },
        onWelcome() {
          host.isLiarHeard = true;
          host.heard();
        },
      }),
    );
    fault(event.forMs, () => {
      for (const network of networks()) network.cut(host.agent.name);
      host.isHostile = false;
      host.agent.start();
    });
  };

  const happen = (event: StoryEvent): void => {
    const host = "host" in event && event.host !== null ? hosts[event.host] : undefined;
    const agent = host?.agent;
    switch (event.do) {
      case "manager-killed":
        seatOf(event.seat)?.kill(event.downMs);
        return;
      case "manager-killed-at":
        seatOf(event.seat)?.killAt(event.point, event.downMs);
        return;
      case "manager-stopped-at-await":
        seatOf(event.seat)?.stopAtAwait(event);
        return;
      case "manager-paused":
        seatOf(event.seat)?.pause(event.forMs);
        return;
      case "manager-clock":
        seatOf(event.seat)?.clock.jumpWall(event.byMs);
        return;
      case "store-restored":
        void restore(event);
        return;
      case "agent-killed":
        if (host?.isHostile === false) {
          agent?.crash();
          fault(event.downMs, () => agent?.start());
        }
        return;
      case "agent-killed-at":
        if (agent !== undefined) agent.killAt = event.point;
        return;
      case "agent-killed-at-answer":
        if (agent !== undefined) agent.killAtAnswer = event.nth;
        return;
      case "orders-torn":
        if (agent !== undefined) agent.disk.tearNext = event.how;
        return;
      case "orders-disk-full":
        if (agent === undefined) return;
        agent.disk.isFull = true;
        fault(event.forMs, () => {
          agent.disk.isFull = false;
        });
        return;
      case "power-cut":
        if (host?.isHostile === false) agent?.powerCut(event.offMs);
        return;
      case "host-clock":
        agent?.clock.jumpWall(event.byMs);
        return;
      case "work":
        // Marked for its host: none may ever stand in the record of another.
        agent?.work.add(
          { ...event, name: `h${agent.serial.slice(2)}/${event.name}` },
          agent.disk.read()?.fence != null,
        );
        return;
      case "adapter-down":
        if (agent === undefined) return;
        agent.work.isAdapterDown = true;
        fault(event.forMs, () => {
          agent.work.isAdapterDown = false;
        });
        return;
      case "hold-file":
        if (agent === undefined) return;
        agent.holdReason = "somebody is at the machine";
        fault(event.forMs, () => {
          agent.holdReason = null;
        });
        return;
      case "ill":
        if (host === undefined) return;
        judge(host, "failing");
        fault(event.forMs, () => judge(host, "ok"));
        return;
      case "hostile":
        speak(event);
        return;
      case "cut":
        for (const network of networks()) network.cut(agent?.name);
        return;
      case "partition": {
        for (const network of networks()) network.setPartition(event.partition, agent?.name);
        fault(event.forMs, () => {
          for (const network of networks()) network.setPartition("none", agent?.name);
        });
        return;
      }
      case "bad-wire": {
        const { drop, duplicate, reorder, delayMsMax } = event;
        const faults = { drop, duplicate, reorder, delayMsMin: 1, delayMsMax };
        for (const network of networks()) network.setFaults(faults, agent?.name);
        fault(event.forMs, () => {
          for (const network of networks()) network.setFaults(perfectWire, agent?.name);
        });
        return;
      }
      default:
        operators.act(event satisfies OperatorAct);
        return;
    }
  };

  const judge = (host: WorldHost, verdict: "ok" | "failing"): void => {
    host.verdict = verdict;
    for (const seat of seats)
      if (seat.isAnswering())
        seat
          .manager()
          ?.events.publish({ kind: "health-changed", hostId: host.agent.hostId(), verdict });
    host.tellState();
  };

  return {
    schedule(events) {
      for (const event of events) {
        const atMs = startMs + event.atMs;
        if (event.do === "store-restored") {
          const backupMs = Math.max(startMs, atMs - event.ageMs);
          clock.after(backupMs - clock.nowMonotonicMs(), () => {
            void cell.backup(backupName(event)).then(() => trace.note("the store is backed up"));
          });
        }
        clock.after(atMs - clock.nowMonotonicMs(), () => {
          if (isCalm) return;
          trace.note(tellEvent(event));
          happen(event);
        });
      }
    },
    calm() {
      isCalm = true;
      for (const end of [...endings]) end();
      for (const seat of seats) seat.calm();
      for (const { agent, isRevoked } of hosts) {
        agent.killAt = null;
        agent.killAtAnswer = 0;
        agent.disk.tearNext = null;
        if (!isRevoked) agent.start();
      }
      void acknowledge();
      const look = (): void => {
        operators.act({ atMs: 0, do: "look-at-domains", by: "ann" });
        clock.after(lookAgainMs, look);
      };
      look();
    },
  };
}

function backupName(event: { readonly atMs: number }): string {
  return `backup-${event.atMs}`;
}
