import { ExecutorKilled } from "#fleet/executor/fail-points.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { AuthorityMaterial } from "#fleet/identity/certificate-authority.ts";
import type { PlanPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { sleep } from "#proto/vocabulary/clock.ts";
import {
  createMemoryBlockFolder,
  type MemoryBlockFolder,
} from "#test/support/memory-block-folder.ts";
import { createMemoryNetwork, type MemoryNetwork } from "#test/support/memory-link.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { HostClock, VirtualClock } from "#test/support/virtual-clock.ts";
import type { ManagerIs } from "#test/simulation/invariants/seen.ts";
import type { CellStore } from "./cell-store.ts";
import { type ManagerProcess, startManagerProcess } from "./manager-process.ts";
import { createProcessLife, type ProcessLife } from "./process-life.ts";
import type { Seat as SeatName } from "./story.ts";
import type { StoreWatch } from "./watched-store.ts";

/** A machine for a manager: its clock, its disk, its network, and the process that runs there now. */
export interface Seat {
  readonly name: SeatName;
  readonly network: MemoryNetwork;
  readonly clock: HostClock;
  /** Started and not dead; it may be paused. */
  manager(): ManagerProcess | null;
  /** It runs, and answers. */
  isAnswering(): boolean;
  start(): void;
  kill(downMs: number): void;
  pause(forMs: number): void;
  /** Its executor dies where it passes this point next. */
  killAt(point: string, downMs: number): void;
  stopAtAwait(ask: {
    readonly nth: number;
    readonly moment: "ask" | "answer";
    readonly how: "killed" | "paused";
    readonly forMs: number;
  }): void;
  /** Nothing that was planned for it happens any more; it goes on where it was paused. */
  calm(): void;
  /** For good: the run is over. */
  retire(): void;
}

export interface SeatParts {
  readonly name: SeatName;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly cell: CellStore;
  readonly watch: StoreWatch;
  /** Shared by the managers of one cell. */
  readonly authority: { material: AuthorityMaterial | null };
  readonly log: Log;
  readonly health: HealthReader;
  readonly policy: PlanPolicy;
  readonly onHeard: (host: string, isToldBefore: boolean) => boolean;
  readonly onOrder: (manager: string, hostId: HostId, order: HostOrder, term: number) => void;
  readonly onManager: (manager: string, is: ManagerIs) => void;
  readonly onStarted: (manager: ManagerProcess) => void;
}

/** Every two seconds: where it counted, managers would stop while they do nothing else. */
const askedAllTheTime = "listRevokedKeys" satisfies keyof ControlStore["identity"];
/** A manager whose store is away is started again after this. */
const storeAwayMs = 1_000;

export function createSeat(parts: SeatParts): Seat {
  const { name, random } = parts;
  const network = createMemoryNetwork({ clock: parts.clock, random: random.fork("network") });
  const clock = parts.clock.hostClock({ wallOffsetMs: 0 });
  const diskDelays = random.fork("disk");
  let folder: MemoryBlockFolder = createMemoryBlockFolder({
    beforeSync: () => sleep(parts.clock, diskDelays.below(500)),
  });
  let process: ProcessLife | null = null;
  let manager: ManagerProcess | null = null;
  let starts = 0;
  let killPoint: { readonly point: string; readonly downMs: number } | null = null;
  let armedAwait: (Parameters<Seat["stopAtAwait"]>[0] & { left: number }) | null = null;
  let isCalm = false;
  let isRetired = false;

  const passAwait = (moment: "ask" | "answer", name: string): void => {
    if (armedAwait === null || armedAwait.moment !== moment || name === askedAllTheTime) return;
    armedAwait.left -= 1;
    if (armedAwait.left > 0) return;
    const { how, forMs } = armedAwait;
    armedAwait = null;
    if (how === "killed") seat.kill(forMs);
    else seat.pause(forMs);
  };

  const open = async (own: ProcessLife, processName: string): Promise<void> => {
    const started = await startManagerProcess({
      name: processName,
      process: own,
      store: own.guard(parts.watch.storeOf(processName, parts.cell.store())),
      folder,
      authority: {
        read: () => parts.authority.material,
        write: (material) => {
          parts.authority.material = material;
        },
      },
      random: random.fork(processName),
      log: parts.log,
      health: parts.health,
      policy: parts.policy,
      failPoint(point) {
        if (own.isOver()) throw new ExecutorKilled(point);
        if (killPoint?.point !== point) return;
        const { downMs } = killPoint;
        killPoint = null;
        seat.kill(downMs);
        throw new ExecutorKilled(point);
      },
      onHeard: parts.onHeard,
      onOrder: (hostId, order, term) => parts.onOrder(processName, hostId, order, term),
    });
    if (own.isOver()) return;
    manager = started;
    network.listen(started.accept);
    parts.onManager(processName, "started");
    parts.onStarted(started);
  };

  const seat: Seat = {
    name,
    network,
    clock,
    manager: () => manager,
    isAnswering: () => manager !== null && process !== null && !process.isPaused(),
    start() {
      if (process !== null || isRetired) return;
      if (parts.cell.isAway) return void parts.clock.after(storeAwayMs, () => seat.start());
      starts += 1;
      const own = createProcessLife(clock, {
        onAsk: (name) => passAwait("ask", name),
        onAnswer: (name) => passAwait("answer", name),
      });
      process = own;
      const processName = `${name}${starts}`;
      open(own, processName).catch((error: unknown) => {
        if (!own.isOver()) throw error;
      });
    },
    kill(downMs) {
      if (process === null) return;
      const processName = `${name}${starts}`;
      process.end();
      process = null;
      if (manager !== null) parts.onManager(processName, "killed");
      manager = null;
      network.listen(null);
      network.cut();
      folder = folder.crash(random);
      if (!isRetired) parts.clock.after(isCalm ? 0 : downMs, () => seat.start());
    },
    pause(forMs) {
      const own = process;
      if (own === null || own.isPaused() || isCalm) return;
      own.pause();
      const processName = `${name}${starts}`;
      parts.onManager(processName, "paused");
      parts.clock.after(forMs, () => resume(own, processName));
    },
    killAt(point, downMs) {
      killPoint = { point, downMs };
    },
    stopAtAwait(ask) {
      armedAwait = { ...ask, left: ask.nth };
    },
    calm() {
      isCalm = true;
      killPoint = null;
      armedAwait = null;
      if (process !== null) resume(process, `${name}${starts}`);
      seat.start();
    },
    retire() {
      isRetired = true;
      seat.kill(0);
    },
  };

  const resume = (own: ProcessLife, processName: string): void => {
    if (own.isOver() || !own.isPaused()) return;
    parts.onManager(processName, "resumed");
    own.goOn();
  };
  return seat;
}
