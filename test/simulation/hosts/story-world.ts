import { labPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import { type CellStore, openCellStore } from "./cell-store.ts";
import type { ManagerProcess } from "./manager-process.ts";
import { createSeat, type Seat } from "./seat.ts";
import { makePlaces } from "./story-places.ts";
import type { Story } from "./story.ts";
import { tellHealth } from "./told-health.ts";
import type { Trace } from "./trace.ts";
import { type StoreWatch, type Tell, watchStore } from "./watched-store.ts";
import type { WorldHost } from "./world-host.ts";

/** One cell: its store, its managers and what sends agents to them; hosts are put into it. */
export interface StoryWorld {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly trace: Trace;
  readonly tell: Tell;
  readonly cell: CellStore;
  readonly watch: StoreWatch;
  readonly seats: readonly Seat[];
  readonly hosts: WorldHost[];
  /** Where connections go now. */
  serving(): Seat;
  /** The manager that people and agents reach now; null: nobody answers. */
  answering(): ManagerProcess | null;
  /** When an order was given away last; 0: never. */
  sentMs(hostId: HostId, order: HostOrder): number;
  /** Lets time go on until it is so. Throws where it is not within `limitMs`. */
  until(holds: () => boolean, limitMs: number): Promise<void>;
  close(): Promise<void>;
}

const balanceMs = 5_000;
/** A host that was not heard for so long is told to be silent, since it was heard last. */
const silentMs = 15_000;

/** Opens the store and starts the managers; one of them leads when this resolves. */
export async function openStoryWorld(
  story: Story,
  effects: Pick<StoryWorld, "clock" | "random" | "trace" | "tell">,
): Promise<StoryWorld> {
  const { clock, random, trace, tell } = effects;
  const cell = await openCellStore({ clock, random: random.fork("store") });
  const watch = watchStore(tell);
  const authority = { material: null };
  const sent = new Map<string, number>();
  const orderKey = (hostId: HostId, { operationId, epoch, action }: HostOrder): string =>
    JSON.stringify([hostId, operationId, epoch, action]);
  const hosts: WorldHost[] = [];
  const health = tellHealth(hosts, clock);
  const seatNames = story.managers === 2 ? (["A", "B"] as const) : (["A"] as const);
  const seats: readonly Seat[] = seatNames.map((name) =>
    createSeat({
      name,
      clock,
      random: random.fork(`seat ${name}`),
      cell,
      watch,
      authority,
      log: silentLog,
      health,
      policy: labPolicy,
      onHeard: (name, isToldBefore) =>
        hosts.find(({ agent }) => agent.name === name)?.heard(isToldBefore) ?? false,
      onOrder(manager, hostId, order, term) {
        sent.set(orderKey(hostId, order), clock.nowUnixMs());
        tell({ kind: "sent", manager, hostId, term, order });
      },
      onManager(manager, is) {
        trace.note(`manager ${manager} ${is}`);
        tell({ kind: "manager", manager, is });
      },
      onStarted: () => {},
    }),
  );
  let [serving] = seats as [Seat];
  /** What stands before the managers sends everybody to the one that leads. */
  const balance = (): void => {
    const leader = seats.find((seat) => seat.isAnswering() && seat.manager()?.life.isLeader());
    if (leader !== undefined && leader !== serving) {
      trace.note(`agents are sent to ${leader.name}`);
      serving.network.cut();
      serving = leader;
    }
    clock.after(balanceMs, balance);
  };
  clock.after(balanceMs, balance);
  const listen = (): void => {
    for (const host of hosts) host.tellSilence(silentMs);
    clock.after(balanceMs, listen);
  };
  clock.after(balanceMs, listen);

  const world: StoryWorld = {
    ...effects,
    cell,
    watch,
    seats,
    hosts,
    serving: () => serving,
    answering: () => (serving.isAnswering() ? serving.manager() : null),
    sentMs: (hostId, order) => sent.get(orderKey(hostId, order)) ?? 0,
    async until(holds, limitMs) {
      for (let spentMs = 0; spentMs < limitMs && !holds(); spentMs += 500) await clock.advance(500);
      if (!holds()) throw new Error(`the world was not ready after ${limitMs} ms`);
    },
    async close() {
      for (const seat of seats) seat.retire();
      for (const host of hosts) host.agent.crash();
      await clock.settle();
      await cell.close();
    },
  };
  try {
    await makePlaces(story.hosts, cell.store());
    for (const seat of seats) seat.start();
    await world.until(() => world.answering()?.life.isLeader() === true, 120_000);
    return world;
  } catch (error) {
    await world.close();
    throw error;
  }
}
