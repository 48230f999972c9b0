import { type Alerts, createAlerts } from "#fleet/alerts/create-alerts.ts";
import type { Channel } from "#fleet/alerts/delivery.ts";
import type { Grant } from "#fleet/identity/grants.ts";
import { type Life, openLife } from "#fleet/life/start-life.ts";
import type { Phase } from "#fleet/inventory/host-record.ts";
import { labPolicy, type PlanPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type ApiWorld, createApiWorld } from "./api-world.ts";
import { createSimulatedBmc, createSimulatedBmcPort, type SimulatedBmc } from "./bmc-model.ts";
import { positionOf } from "./inventory-builders.ts";
import { nameIds } from "./name-ids.ts";
import { createScenarioRest } from "./scenario-rest.ts";
import { beginTyping, type TypedMore, wordsOf } from "./scenario-typing.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createSimulatedHostPort, type SimulatedHostPort } from "./simulated-host-port.ts";
import { runCommand } from "./test-terminal.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/**
 * A story as its operator sees it: the command line over the real API, lifecycle, plans and executor,
 * with simulated agents, on virtual time. Everything typed and printed goes into one transcript.
 */
export interface Scenario {
  readonly port: SimulatedHostPort;
  readonly world: ApiWorld;
  readonly clock: VirtualClock;
  /** A connected, managed host with a serial; stands at `rack-07` unless said otherwise. */
  addHost(
    name: string,
    facts?: { watchedOnly?: boolean; rack?: string; phase?: Phase },
  ): Promise<HostId>;
  /** `says`: what its unit or hook tells of it while it runs. */
  addWorkload(hostId: HostId, name: string, stopMs: number, says?: string): void;
  /** Its BMC is known from now on; without power the host is silent. */
  giveBmc(hostId: HostId): SimulatedBmc;
  disconnect(hostId: HostId): void;
  /** Nobody hears them any more, and since when is known; or they are heard again. */
  goDark(hostIds: readonly HostId[]): void;
  comeBack(hostIds: readonly HostId[]): void;
  /** Its hosts knew a later term than its store: that was restored from before. */
  hostsSayTerm(term: number): Promise<void>;
  /** A line of the story between commands. */
  note(words: string): void;
  /** Types a command; time goes on until it has ended. `says` is typed where it asks. */
  type(command: string, more?: TypedMore): Promise<number>;
  /** Several at the same moment; each is told whole, in this order. */
  typeAtOnce(...commands: readonly string[]): Promise<readonly number[]>;
  /** What a command prints on stdout, outside the transcript: ids for the next one. */
  read(command: string): Promise<string>;
  /** Writes a secret or a path of this machine as WORD in the transcript. */
  mask(text: string, word: string): void;
  /** A colleague with a role: `as` whom a command may be typed. */
  addColleague(name: string, grant: Grant): Promise<void>;
  /** Time goes on with nobody at the terminal. */
  later(ms: number): Promise<void>;
  /** The newest plan, operation or hold: for what the next command names. */
  planId(): Promise<string>;
  operationId(): Promise<string>;
  transcript(): Promise<string>;
  close(): Promise<void>;
}

const commandMsMax = 48 * 3_600_000;

export async function openScenario(
  options: { readonly channels?: readonly Channel[]; readonly policy?: PlanPolicy } = {},
): Promise<Scenario> {
  let alerts: Alerts | undefined;
  let life: Life | undefined;
  const bmcs = new Map<HostId, SimulatedBmc>();
  let port: SimulatedHostPort | undefined;
  const world = await createApiWorld({}, async (parts, store) => {
    port = createSimulatedHostPort(parts.clock, createSeededRandom(5));
    life = await openLife({
      ...parts,
      store,
      hosts: port,
      bmc: createSimulatedBmcPort(bmcs),
      notify: {
        tell: async ({ tenant }) => ({ isDelivered: true, detail: `${tenant.name} answered 204` }),
      },
      random: createSeededRandom(6),
      holder: "the only one",
      policy: options.policy ?? labPolicy,
      management: () => new Set(),
    });
    await life.start();
    const { lifecycle, plans, tenancy } = life;
    alerts = createAlerts({
      ...parts,
      store: store.alerts,
      lifecycle,
      plans,
      domains: life.domains,
      listOperations: store.lifecycle.listOpenOperations,
      safeMode: life.safeMode.mode,
      clones: () => [],
      freeBytes: () => null,
      verifyAudit: parts.audit.verify,
      random: createSeededRandom(8),
      channels: options.channels ?? [],
      term: life.term,
    });
    alerts.start();
    const { freeze, safeMode } = life;
    return { alerts, domains: life.domains, lifecycle, plans, tenancy, freeze, safeMode };
  });
  if (port === undefined || life === undefined) throw new Error("the life of hosts did not open");
  const hosts = port;
  const opened = life;
  const { clock, api, parts } = world;
  const { secret: token } = await parts.people.createApiToken("ann", 30 * 86_400_000);
  /** Of colleagues. */
  const tokens = new Map<string, string>();
  const masks = new Map<string, string>();
  let text = "";
  let hostCount = 0;
  const rest = createScenarioRest(clock, api);
  const { settle } = rest;
  const terminal = { world, rest, tokenOf: (name = "") => tokens.get(name) ?? token };
  const disconnect = (hostId: HostId): void => {
    hosts.host(hostId).isConnected = false;
    const nowMs = clock.nowUnixMs();
    world.setLink(hostId, { state: "lost", sinceMs: nowMs, lastHeardMs: nowMs });
    parts.events.publish({ kind: "link-changed", hostId, state: "lost" });
  };
  const comeBack = (hostIds: readonly HostId[]): void => {
    const nowMs = clock.nowUnixMs();
    for (const hostId of hostIds) {
      hosts.host(hostId).isConnected = true;
      world.setLink(hostId, { state: "connected", sinceMs: nowMs, lastHeardMs: nowMs });
      parts.events.publish({ kind: "link-changed", hostId, state: "connected" });
    }
  };
  // Nobody is taken for lost while a manager is new.
  await clock.advance(400_000);

  return {
    port: hosts,
    world,
    clock,
    async addHost(name, { watchedOnly = false, rack = "rack-07", phase = "active" } = {}) {
      hostCount += 1;
      const number = String(hostCount).padStart(2, "0");
      const unit = String(((hostCount - 1) % 60) + 1).padStart(2, "0");
      const id = await world.addHost(hostCount, {
        name,
        position: positionOf(`eu/fra2/row-b/${rack}/u${unit}`),
        serial: `CZ30${number}`,
        adopted: watchedOnly,
        phase,
        watchedOnly,
      });
      hosts.host(id).serial = `CZ30${number}`;
      return id;
    },
    addWorkload(hostId, name, stopMs, says = "") {
      hosts.host(hostId).workloads.set(name, { isRunning: true, stopMs, wasStopped: false, says });
    },
    giveBmc(hostId) {
      const bmc = createSimulatedBmc(clock);
      bmcs.set(hostId, bmc);
      // A request that waits for virtual time would hold the story up.
      bmc.lies.answerMs = 0;
      bmc.onPower = (state) => {
        if (state === "off") return disconnect(hostId);
        clock.after(60_000, () => comeBack([hostId]));
      };
      return bmc;
    },
    disconnect,
    goDark(hostIds) {
      const lastHeardMs = unixMs(clock.nowUnixMs() - 90_000);
      for (const hostId of hostIds) {
        hosts.host(hostId).isConnected = false;
        world.setLink(hostId, { state: "lost", sinceMs: clock.nowUnixMs(), lastHeardMs });
        parts.events.publish({ kind: "link-changed", hostId, state: "lost" });
      }
    },
    comeBack,
    async hostsSayTerm(term) {
      for (const { id } of await parts.inventory.hosts()) opened.safeMode.told(id, term);
      await settle();
    },
    note(words) {
      text += `# ${words}\n`;
    },
    async addColleague(name, grant) {
      const by = { name: "ann", reason: "for the story" };
      const user = { name, displayName: name, kind: "person", grants: [grant] } as const;
      await parts.people.addUser(user, by);
      const ask = { owner: name, name: "laptop", validMs: 86_400_000, grants: null, by: name };
      const made = await parts.people.addToken(ask);
      if (!made.ok) throw new Error(made.problem);
      tokens.set(name, made.value.secret);
    },
    async read(command) {
      return (await runCommand({ ...world, token }, wordsOf(command))).stdout;
    },
    mask: (masked, word) => masks.set(masked, word),
    async type(command, more = {}) {
      const { interruptAfterMs, killAfterMs } = more;
      const typing = beginTyping(terminal, command, more, (part) => {
        text += part;
      });
      let code: number | undefined;
      void typing.ended.then((ended) => {
        code = ended;
      });
      let spentMs = 0;
      while (code === undefined && spentMs < commandMsMax) {
        await settle(() => code !== undefined || rest.hasSleepers());
        if (code !== undefined) break;
        if (interruptAfterMs !== undefined && spentMs >= interruptAfterMs) typing.interrupt();
        if (killAfterMs !== undefined && spentMs >= killAfterMs) typing.kill();
        // As the command looks: more rarely, the longer it takes.
        const stepMs = Math.min(10_000, Math.max(500, spentMs * 0.05));
        await clock.advance(stepMs);
        spentMs += stepMs;
      }
      const ended = await typing.ended;
      text += `[exit ${ended}]\n\n`;
      return ended;
    },
    async typeAtOnce(...commands) {
      const told = commands.map(() => "");
      const typings = commands.map((command, at) =>
        beginTyping(terminal, command, {}, (part) => {
          told[at] += part;
        }),
      );
      let left = typings.length;
      for (const { ended } of typings) void ended.then(() => (left -= 1));
      await settle(() => left === 0);
      const codes = await Promise.all(typings.map(({ ended }) => ended));
      // Who was first is not the same each time; who had it is told first.
      for (const [at, code] of [...codes.entries()].sort(([, left], [, right]) => left - right))
        text += `${told[at]}[exit ${code}]\n\n`;
      return codes;
    },
    async later(ms) {
      await clock.advance(ms);
      await settle();
    },
    planId: async () => (await opened.plans.list({ before: null, limit: 1 }))[0]?.id ?? "",
    operationId: async () =>
      (await opened.lifecycle.operations({ before: null, limit: 1 }))[0]?.id ?? "",
    async transcript() {
      const ask = { before: null, limit: 500 };
      return nameIds(
        text,
        {
          PLAN: await opened.plans.list(ask),
          OP: await opened.lifecycle.operations(ask),
          LEASE: await opened.tenancy.leases(),
        },
        masks,
      );
    },
    async close() {
      await alerts?.stop();
      await opened.stop();
      await world.close();
    },
  };
}
