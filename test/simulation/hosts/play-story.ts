import type { HealthReader } from "#fleet/health/health-reader.ts";
import { unjudged } from "#fleet/health/finding.ts";
import { labPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { parsePosition } from "#proto/vocabulary/position.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import type { Finding, Rule } from "#test/simulation/invariants/checker.ts";
import { watchRules } from "#test/simulation/invariants/checker.ts";
import type { Seen } from "#test/simulation/invariants/seen.ts";
import type { SeenDictionaries } from "#test/support/farm/witness.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { openCellStore, simulatedCell } from "./cell-store.ts";
import { createEventPlayer } from "./event-player.ts";
import { createOperators } from "./operators.ts";
import { compareSamples } from "./sample-check.ts";
import { createSeat, type Seat } from "./seat.ts";
import { hostileWord } from "./hostile-host.ts";
import { hostStoryRules } from "./story-rules.ts";
import type { Story } from "./story.ts";
import { createTrace } from "./trace.ts";
import { watchStore, type Tell } from "./watched-store.ts";
import { createWorldHost, type WorldHost } from "./world-host.ts";

export interface Played {
  readonly findings: readonly Finding[];
  /** Equal for two runs of one story. */
  readonly hash: string;
  readonly steps: number;
  /** How often each rule looked. */
  readonly looks: Readonly<Record<string, number>>;
  readonly tail: readonly string[];
}

/** After all trouble has ended; then nothing may be left that waits without a reason. */
const settleMs = 11 * 60_000;
const sliceMs = 60_000;
const balanceMs = 5_000;
const hostsPerSite = 3;
/** A host that was not heard for so long is told to be silent, since it was heard last. */
const silentMs = 15_000;

/**
 * Plays one story with whole agents and whole managers on virtual time; everything that happens comes
 * from the story and its seed. Stops at the first rule that is broken, or after `until` steps.
 */
export async function playStory(
  story: Story,
  options: { readonly until?: number; readonly rules?: readonly Rule[] } = {},
): Promise<Played> {
  const random = createSeededRandom(story.seed);
  const clock = createVirtualClock();
  const trace = createTrace(() => clock.nowMonotonicMs());
  const rules = watchRules(options.rules ?? hostStoryRules);
  const tell: Tell = (seen) => {
    const stamped = { ...seen, atMs: clock.nowUnixMs() } as Seen;
    if (stamped.kind === "written")
      trace.note(
        `${stamped.manager} writes ${stamped.change.audit.action} of ${stamped.change.audit.subject.name} term ${stamped.change.term}`,
      );
    rules.see(stamped);
  };
  const startUnixMs = clock.nowUnixMs() - clock.nowMonotonicMs();
  const worldMs = (monotonicMs: number): number => startUnixMs + monotonicMs;
  const cell = await openCellStore({ clock, random: random.fork("store") });
  const watch = watchStore(tell);
  const authority = { material: null };
  const sent = new Map<string, number>();
  const orderKey = (hostId: HostId, { operationId, epoch, action }: HostOrder): string =>
    JSON.stringify([hostId, operationId, epoch, action]);

  const hosts: WorldHost[] = [];
  const health: HealthReader = {
    view: (hostId) => {
      const host = hosts.find(({ agent }) => agent.facts()?.identity?.hostId === hostId);
      return host === undefined || host.verdict === "ok"
        ? { ...unjudged, verdict: "ok" }
        : { ...unjudged, verdict: host.verdict, findings: [illness(clock.nowUnixMs())] };
    },
    lastReboot: () => null,
    explain: () => {
      throw new Error("nobody asks for the health of a simulated host in words");
    },
    events: async () => [],
  };
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
      onHeard: (name) => hosts.find(({ agent }) => agent.name === name)?.heard(),
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

  const answering = () => (serving.isAnswering() ? serving.manager() : null);
  const until = async (holds: () => boolean, limitMs: number): Promise<void> => {
    for (let spentMs = 0; spentMs < limitMs && !holds(); spentMs += 500) await clock.advance(500);
    if (!holds()) throw new Error(`the world was not ready after ${limitMs} ms`);
  };

  try {
    await makePlaces(story, cell.store());
    for (const seat of seats) seat.start();
    await until(() => answering()?.life.isLeader() === true, 120_000);
    const dictionaries: SeenDictionaries = new Map();
    for (let index = 0; index < story.hosts; index += 1) {
      const name = nameOf(index);
      const own = random.fork(name);
      const host = createWorldHost({
        name,
        clock,
        random: own,
        seats,
        serving: () => serving,
        dictionaries,
        wallOffsetMs: own.chance(0.2) ? (own.next() * 2 - 1) * 30 * 365 * 86_400_000 : 0,
        trace,
        tell,
        tellSilent: (hostId, sinceMs) =>
          rules.see({ kind: "heard", hostId, isHeard: false, atMs: sinceMs }),
        sentMs: (hostId, order) => sent.get(orderKey(hostId, order)) ?? 0,
      });
      hosts.push(host);
      const manager = answering();
      if (manager === null) throw new Error("nobody enrols hosts");
      const { token } = await manager.identity.createToken({
        kind: "adopt",
        hostName: name,
        position: positionOf(index),
        uses: 1,
        validMs: 3_600_000,
        createdBy: "ann",
      });
      let isEnrolled = false;
      void host.agent.enrol(token).then(() => {
        isEnrolled = true;
      });
      await until(() => isEnrolled, 60_000);
      const begun = await manager.life.lifecycle.setWatchedOnly(host.agent.hostId(), false, {
        name: "ann",
        kind: "person",
        reason: "the fleet may act on it",
      });
      if (!begun.ok) throw new Error(JSON.stringify(begun.problem));
      host.agent.start();
    }
    const records = new Map<string, HostRecord>();
    const isKnown = (): boolean =>
      hosts.every(({ agent }) => records.get(agent.hostId())?.serial === agent.serial);
    for (let spentMs = 0; !isKnown() && spentMs < 120_000; spentMs += 1_000) {
      await clock.advance(1_000);
      for (const record of await cell.store().inventory.listHosts()) records.set(record.id, record);
    }
    if (!isKnown()) throw new Error("hosts did not tell their serials");
    tell({
      kind: "estate",
      ...(await watch.contents(cell.store())),
      sites: await cell.store().inventory.listSites(),
      racks: await cell.store().inventory.listRacks(),
    });
    for (const host of hosts) host.tellState();

    const operators = createOperators({
      manager: answering,
      hostId: (index) => hostOf(index).agent.hostId(),
      serial: (index) => hostOf(index).agent.serial,
      isOn: (index) => hostOf(index).agent.isOn(),
      tell,
      note: trace.note,
      onRevoked: (index) => watchSockets(hostOf(index)),
    });
    const hostOf = (index: number): WorldHost => {
      const host = hosts[index];
      if (host === undefined) throw new Error(`there is no host ${index} in this story`);
      return host;
    };
    const watchSockets = (host: WorldHost): void => {
      host.isRevoked = true;
      const revokedAtMs = clock.nowUnixMs();
      const hostId = host.agent.hostId();
      const look = (): void => {
        if (!host.isRevoked) return;
        // A process that is paused can close nothing; what it holds then is not looked at.
        if (seats.every((seat) => seat.manager() === null || seat.isAnswering()))
          tell({
            kind: "sockets",
            hostId,
            revokedAtMs,
            openSinceMs: seats.flatMap((seat) =>
              seat.network.openSinceMs(host.agent.name).map(worldMs),
            ),
          });
        clock.after(1_000, look);
      };
      clock.after(5_001, look);
    };
    const player = createEventPlayer({
      clock,
      random,
      cell,
      watch,
      seats,
      hosts,
      answering,
      operators,
      tell,
      trace,
    });
    const startMs = clock.nowMonotonicMs();
    player.schedule(story.events);

    const isOver = (): boolean =>
      rules.findings.length > 0 || trace.steps() >= (options.until ?? Infinity);
    const advance = async (ms: number): Promise<void> => {
      const endMs = clock.nowMonotonicMs() + ms;
      while (clock.nowMonotonicMs() < endMs && !isOver()) {
        await clock.advance(Math.min(sliceMs, endMs - clock.nowMonotonicMs()));
        await tellSaid();
      }
    };
    const tellSaid = async (): Promise<void> => {
      const liars = hosts.filter(({ wasHostile }) => wasHostile);
      const manager = answering();
      if (liars.length === 0 || manager === null) return;
      for (const host of hosts) {
        const hostId = host.agent.hostId();
        const record = await cell.store().inventory.findHost(hostId);
        if (host.wasHostile || record === undefined) continue;
        const kept = JSON.stringify([
          record,
          await cell.store().inventory.readState(hostId),
          await cell.store().lifecycle.listOperations({ hostId, before: null, limit: 5 }),
        ]);
        const words = [
          hostileWord,
          ...hosts.filter((other) => other !== host).map(({ agent }) => agent.serial),
        ];
        tell({ kind: "said", hostId, kept, words });
      }
    };

    await advance(startMs + story.spanMs - clock.nowMonotonicMs());
    if (!isOver()) {
      trace.note("calm");
      tell({ kind: "calm" });
      player.calm();
      await advance(settleMs);
    }
    if (!isOver()) await tellEnd();

    async function tellEnd(): Promise<void> {
      const manager = answering();
      if (manager === null) throw new Error("nobody answers although all is calm");
      const { life } = manager;
      // By which clock a sample was taken is told anew then, and the witness knows the first word only.
      const isClockMoved = story.events.some((event) => event.do === "manager-clock");
      const store = cell.store();
      tell({
        kind: "settled",
        operations: await store.lifecycle.listOpenOperations(),
        plans: await store.lifecycle.listOpenPlans(),
        waitsOf: (plan, hostId) => {
          const host = plan.hosts.find((one) => one.hostId === hostId);
          return host === undefined ? [] : life.plans.waiting(plan, host);
        },
      });
      for (const host of hosts) {
        if (host.isRevoked) continue;
        const hostId = host.agent.hostId();
        tell({
          kind: "back",
          hostId,
          link: manager.links.view(hostId).state,
          reportsHeld: host.agent.agent()?.status().ring.reports ?? null,
        });
        for (const seat of seats) {
          const telemetry = seat.manager()?.telemetry;
          const witness = host.witnesses.get(seat.name);
          if (telemetry === undefined || witness === undefined || isClockMoved) continue;
          const found = await compareSamples(
            telemetry,
            { id: hostId, name: host.agent.name },
            witness,
          );
          tell({ kind: "samples", hostId, ...found });
        }
      }
    }
  } finally {
    for (const seat of seats) seat.retire();
    for (const host of hosts) host.agent.crash();
    await clock.settle();
    await cell.close();
  }
  return {
    findings: rules.findings,
    hash: trace.hash(),
    steps: trace.steps(),
    looks: rules.looks(),
    tail: trace.tail(2_000),
  };
}

export function nameOf(index: number): string {
  return `host-${String(index).padStart(3, "0")}`;
}

/** Small sites: what may be taken at once is counted by site. */
function siteOf(index: number): string {
  return `fra${1 + Math.floor(index / hostsPerSite)}`;
}

function positionOf(index: number) {
  const place = 1 + (index % hostsPerSite);
  const parsed = parsePosition(`eu/${siteOf(index)}/row-a/rack-0${place}/u01`);
  if (!parsed.ok) throw new Error(parsed.problem.hint);
  return parsed.value;
}

async function makePlaces(
  story: Story,
  store: ReturnType<Awaited<ReturnType<typeof openCellStore>>["store"]>,
): Promise<void> {
  const { inventory } = store;
  for (let index = 0; index < story.hosts; index += 1) {
    const site = siteOf(index);
    await inventory.upsertSite({
      code: site,
      region: "eu",
      timeZone: "Europe/Berlin",
      cell: simulatedCell,
      windows: [],
    });
    const rack = positionOf(index).rack;
    await inventory.upsertRack({
      id: `${site}/row-a/${rack}`,
      region: "eu",
      site,
      row: "row-a",
      rack,
      heightUnits: 42,
      feeds: [],
    });
  }
}

function illness(nowMs: number) {
  return {
    rule: "disk-pending",
    verdict: "failing",
    component: { kind: "disk", id: "sda" },
    detail: "a disk is about to fail",
    sinceMs: nowMs,
    seenMs: nowMs,
    isStale: false,
    clearsWhen: "it is replaced",
  } as never;
}
