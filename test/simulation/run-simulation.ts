import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { openControlStore } from "#fleet/storage/control-store.ts";
import { sleep } from "#proto/vocabulary/clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import { createMemoryNetwork, type Partition, perfectWire } from "#test/support/memory-link.ts";
import { createSeededRandom, type SeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";
import { checkPhases, checkSamples } from "./invariants.ts";
import { createSimulatedHost, type SimulatedHost } from "./simulated-host.ts";
import {
  type ManagerDisk,
  type PlantedBug,
  type SimulatedManager,
  simulatedCell,
  startSimulatedManager,
} from "./simulated-manager.ts";
import type { SeenDictionaries } from "#test/support/farm/witness.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly hosts: number;
  /** Virtual time under faults; quiet time for recovery comes after it. */
  readonly faultyMs: number;
  readonly bug?: PlantedBug;
}

export interface SimulationResult {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly acknowledgedPoints: number;
  readonly readablePoints: number;
  /** What the seed made happen, with how often. */
  readonly faults: Readonly<Record<string, number>>;
}

const quietMs = 600_000;

/**
 * The real manager core and many real agent cores in one process, on virtual time: everything that
 * goes wrong, and when, comes from the seed. Samples are compared whenever the manager was killed,
 * and at the end, when all must have come back.
 */
export async function runSimulation(options: SimulationOptions): Promise<SimulationResult> {
  const random = createSeededRandom(options.seed);
  const clock = createVirtualClock();
  const network = createMemoryNetwork({ clock, random: random.fork("network") });
  const diskDelays = random.fork("disk");
  const disk: ManagerDisk = {
    control: await openControlStore(
      { sqlite: ":memory:" },
      {
        log: silentLog,
        clock,
        random: random.fork("store"),
        release: "0.0.0",
        cell: simulatedCell,
      },
    ),
    // A slow disk: a kill finds reports that are written and not yet synced.
    folder: createMemoryBlockFolder({ beforeSync: () => sleep(clock, diskDelays.below(2_000)) }),
    authority: null,
  };
  const startManager = async (): Promise<SimulatedManager> => {
    const started = await startSimulatedManager(
      disk,
      { clock, random: random.fork("manager") },
      options.bug,
    );
    network.listen(started.accept);
    return started;
  };
  let manager = await startManager();
  const problems: string[] = [];
  const faults: Record<string, number> = {};
  let acknowledgedPoints = 0;
  let readablePoints = 0;
  try {
    const hosts = await enrolHosts(options.hosts, { clock, network, random, manager });
    const before: readonly HostRecord[] = await manager.inventory.hosts();
    const startMs = clock.nowUnixMs();

    const compare = async (moment: string): Promise<void> => {
      acknowledgedPoints = 0;
      readablePoints = 0;
      for (const host of hosts) {
        const found = await checkSamples(
          manager.telemetry,
          { id: host.hostId(), name: host.name, series: host.witness.series() },
          { fromMs: startMs - 60_000, toMs: clock.nowUnixMs() + 120_000 },
        );
        acknowledgedPoints += found.acknowledgedPoints;
        readablePoints += found.readablePoints;
        problems.push(...found.problems.map((problem) => `${moment}: ${problem}`));
      }
      const phases = checkPhases(before, await manager.inventory.hosts());
      problems.push(...phases.map((problem) => `${moment}: ${problem}`));
    };

    const endMs = clock.nowMonotonicMs() + options.faultyMs;
    while (clock.nowMonotonicMs() < endMs && problems.length === 0) {
      await clock.advance(random.below(20_000));
      const fault = await strike();
      faults[fault] = (faults[fault] ?? 0) + 1;
      if (fault === "manager killed") await compare("after the manager came back");
    }

    network.setFaults(perfectWire);
    network.setPartition("none");
    for (const host of hosts) {
      network.setFaults(perfectWire, host.name);
      network.setPartition("none", host.name);
      host.start();
    }
    disk.folder.setCapacity(Number.MAX_SAFE_INTEGER);
    await clock.advance(quietMs);
    await compare("at the end");
    problems.push(...checkRecovered(hosts, manager));

    async function strike(): Promise<string> {
      const host = random.pick(hosts as [SimulatedHost, ...SimulatedHost[]]);
      switch (random.below(9)) {
        case 0: {
          network.listen(null);
          network.cut();
          disk.folder = disk.folder.crash(random);
          await clock.advance(random.below(60_000));
          manager = await startManager();
          return "manager killed";
        }
        case 1:
          host.crash();
          await clock.advance(random.below(30_000));
          host.start();
          return "agent killed";
        case 2:
          host.powerCut();
          await clock.advance(random.below(120_000));
          host.start();
          return "power cut";
        case 3:
          network.cut(host.name);
          return "connection cut";
        case 4: {
          const kinds: [Partition, ...Partition[]] = ["to-agent", "to-manager", "both"];
          network.setPartition(random.pick(kinds), host.name);
          await clock.advance(random.below(240_000));
          network.setPartition("none", host.name);
          return "partition";
        }
        case 5:
          network.setFaults(
            {
              drop: random.next() * 0.1,
              duplicate: random.next() * 0.3,
              reorder: random.next() * 0.3,
              delayMsMin: 1,
              delayMsMax: 1 + random.below(3_000),
            },
            host.name,
          );
          return "bad wire";
        case 6:
          network.setPartition("both");
          await clock.advance(random.below(600_000));
          network.setPartition("none");
          return "site cut off";
        case 7:
          host.clock.jumpWall((random.chance(0.5) ? 1 : -1) * random.below(7_200_000));
          return "wall clock stepped";
        default:
          disk.folder.setCapacity(random.below(200_000));
          await clock.advance(random.below(60_000));
          disk.folder.setCapacity(Number.MAX_SAFE_INTEGER);
          return "disk full";
      }
    }
  } finally {
    network.listen(null);
    network.cut();
    await disk.control.close();
  }
  return { seed: options.seed, problems, acknowledgedPoints, readablePoints, faults };
}

async function enrolHosts(
  count: number,
  world: {
    readonly clock: VirtualClock;
    readonly network: ReturnType<typeof createMemoryNetwork>;
    readonly random: SeededRandom;
    readonly manager: SimulatedManager;
  },
): Promise<readonly SimulatedHost[]> {
  const { clock, random, manager } = world;
  const hosts: SimulatedHost[] = [];
  const dictionaries: SeenDictionaries = new Map();
  for (let index = 0; index < count; index += 1) {
    const name = `host-${index}`;
    const host = createSimulatedHost({
      ...world,
      dictionaries,
      name,
      random: random.fork(name),
      // One in five believes in another decade.
      wallOffsetMs: random.chance(0.2) ? (random.next() * 2 - 1) * 30 * 365 * 86_400_000 : 0,
    });
    const { token } = await manager.identity.createToken({
      kind: "host",
      hostName: name,
      position: null,
      uses: 1,
      validMs: 3_600_000,
      createdBy: "the simulation",
    });
    const enrolled = host.enrol(token);
    await clock.advance(5_000);
    await enrolled;
    host.start();
    hosts.push(host);
  }
  return hosts;
}

/** When faults end, everybody is back, and what waited was sent. */
function checkRecovered(
  hosts: readonly SimulatedHost[],
  manager: SimulatedManager,
): readonly string[] {
  return hosts.flatMap((host) => {
    const problems: string[] = [];
    const link = manager.links.view(host.hostId());
    if (link.state !== "connected") problems.push(`${host.name}'s link is still ${link.state}`);
    const status = host.agent()?.status();
    if (status === undefined) problems.push(`${host.name} does not run`);
    else if (status.ring.reports > 3)
      problems.push(`${host.name} still holds ${status.ring.reports} reports`);
    return problems;
  });
}
