import type {
  Accepted,
  BmcDriver,
  BmcIdentity,
  BmcProtocol,
  DriverPowerOrder,
  DriverProblem,
  DriverProblemKind,
} from "#fleet/boot-loop/bmc-driver.ts";
import type { BootEvidence } from "#fleet/boot-loop/boot-evidence.ts";
import type { BootSight, BootWay, BootWish } from "#fleet/boot-loop/boot-wish.ts";
import type { BootRequest, BootWitness, SystemCall } from "#fleet/boot-loop/boot-witness.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { type Milliwatts, type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { VirtualClock } from "../virtual-clock.ts";

/**
 * One server with its BMC, in time that a test moves: it takes power orders and boot wishes, starts by
 * them, asks the boot network, and calls in. Honest but for what a test lays upon it.
 */
export interface PretendHost {
  isOn: boolean;
  override: { wish: BootWish; atMs: number } | null;
  readonly drivers: readonly BmcDriver[];
  readonly witness: BootWitness;
  outside(): Omit<BootEvidence, "requests" | "calls">;
  /** What was sent, with when: `redfish set-power restart`. */
  readonly sent: { readonly words: string; readonly atMs: UnixMs }[];
  readonly requests: BootRequest[];
  readonly calls: SystemCall[];
  readonly told: string[];
  media: string | null;
  installedDigest: string | null;
  /** May take an order's place; true: nothing else happens. */
  lies: PretendLies;
  power(order: "on" | "off"): void;
}

/** Each may be left out; what it returns stands in place of the honest answer. */
export interface PretendLies {
  setPower?(order: DriverPowerOrder, protocol: BmcProtocol): Result<Accepted, DriverProblem> | null;
  setBoot?(
    wish: BootWish,
    way: BootWay,
    protocol: BmcProtocol,
  ): Result<Accepted, DriverProblem> | null;
  toldPower?(protocol: BmcProtocol): "on" | "off" | "unknown" | null;
  toldBoot?(protocol: BmcProtocol): BootSight | null;
  identity?(protocol: BmcProtocol): BmcIdentity | DriverProblem | null;
  everyCall?(protocol: BmcProtocol, what: string): DriverProblem | null;
  /** What the firmware starts from, whatever the override says. */
  boots?(device: "network" | "http" | "media" | "disk"): "network" | "media" | "disk" | "nothing";
  onReset?(): void;
  watts?(): number | null;
  requests?(own: readonly BootRequest[]): readonly BootRequest[];
}

export const pretendIdentity: BmcIdentity = {
  serial: "SN-4711",
  boardSerial: "BRD-4711",
  uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  bmcMac: "02:00:00:00:47:11",
  hostMacs: ["02:00:00:00:47:01"],
  maker: "Pretend",
  model: "P1",
  firmware: "1.0",
};

export const pretendDigest = "a".repeat(64);
const postMs = 60_000;
const bootMs = 30_000;

export function problemOf(
  kind: DriverProblemKind,
  detail = "it says so",
  messageIds: readonly string[] = [],
): DriverProblem {
  return { kind, detail, code: null, messageIds, retryAfterMs: null };
}

export function createPretendHost(
  clock: VirtualClock,
  options: {
    readonly protocols?: readonly BmcProtocol[];
    readonly isOn?: boolean;
    readonly hasAgent?: boolean;
    readonly hasMedia?: boolean;
  } = {},
): PretendHost {
  const {
    protocols = ["redfish", "ipmi"],
    isOn = true,
    hasAgent = true,
    hasMedia = false,
  } = options;
  let start = 0;
  let bootCount = 0;
  let runs: "old" | "imaging" | "installed" | null = isOn ? "old" : null;
  let silentSinceMs: number | null = isOn ? null : 0;
  const ways: Record<BmcProtocol, readonly BootWay[]> = {
    redfish: ["system-full", "settings-full", "boot-order"],
    ipmi: ["flags", "flags-raw"],
    ipmitool: ["flags"],
  };

  const fell = (): void => {
    if (runs !== null) silentSinceMs = clock.nowUnixMs();
    runs = null;
    start += 1;
  };
  const begin = (): void => {
    fell();
    const mine = start;
    clock.after(postMs, () => {
      if (mine !== start || !host.isOn) return;
      const wished = host.override?.wish.device ?? "disk";
      if (host.override?.wish.isOnce) host.override = null;
      const wish =
        wished === "network" || wished === "http" || (wished === "media" && host.media !== null)
          ? wished
          : "disk";
      const from = host.lies.boots?.(wish) ?? (wish === "http" ? "network" : wish);
      if (from === "nothing") return;
      if (from === "disk") return call(host.installedDigest === null ? "old" : "installed", mine);
      ask(from === "media" ? "media" : "dhcp");
      if (from === "network")
        for (const what of ["loader", "script", "kernel", "initramfs"] as const) ask(what);
      call("imaging", mine);
    });
  };
  const ask = (what: BootRequest["what"]): void =>
    void host.requests.push({
      atMs: clock.nowUnixMs(),
      mac: "02:00:00:00:47:01",
      what,
      architecture: what === "dhcp" ? 7 : null,
      bytes: 1_000,
    });
  const call = (system: SystemCall["system"], mine: number): void =>
    void clock.after(bootMs, () => {
      if (mine !== start || !host.isOn) return;
      runs = system;
      bootCount += 1;
      if (system !== "old" || hasAgent)
        host.calls.push({
          atMs: clock.nowUnixMs(),
          system,
          bootId: `boot-${bootCount}`,
          imageDigest: system === "installed" ? host.installedDigest : null,
        });
    });

  const host: PretendHost = {
    isOn,
    override: null,
    drivers: [],
    sent: [],
    requests: [],
    calls: [],
    told: [],
    media: null,
    installedDigest: null,
    lies: {},
    power(order) {
      host.isOn = order === "on";
      if (host.isOn) begin();
      else fell();
    },
    witness: {
      requests: (_, sinceMs) =>
        (host.lies.requests?.(host.requests) ?? host.requests).filter(
          ({ atMs }) => atMs >= sinceMs,
        ),
      calls: (_, sinceMs) => host.calls.filter(({ atMs }) => atMs >= sinceMs),
    },
    outside: () => ({
      heardMs:
        !hasAgent || (runs === null && silentSinceMs === null)
          ? null
          : unixMs(runs === null ? (silentSinceMs ?? 0) : clock.nowUnixMs()),
      link: null,
      outlet: null,
      personSaysOffMs: null,
      noCuts: [],
    }),
  };

  const driverOf = (protocol: BmcProtocol): BmcDriver => {
    const answer = async <Value>(
      what: string,
      give: () => Result<Value, DriverProblem>,
    ): Promise<Result<Value, DriverProblem>> => {
      // A BMC takes its time; so no loop can turn without time going by.
      await new Promise<void>((resolve) => void clock.after(200, resolve));
      const problem = host.lies.everyCall?.(protocol, what);
      if (problem) return fail(problem);
      return give();
    };
    const change = (
      words: string,
      give: () => Result<Accepted, DriverProblem> | null,
      act: () => void,
    ) =>
      answer(words, () => {
        host.sent.push({ words: `${protocol} ${words}`, atMs: clock.nowUnixMs() });
        const told = give();
        if (told !== null) return told;
        act();
        return ok({ taskUri: null, sent: words });
      });
    return {
      protocol,
      bootWays: ways[protocol],
      identify: () =>
        answer("identify", () => {
          host.sent.push({ words: `${protocol} identify`, atMs: clock.nowUnixMs() });
          const told = host.lies.identity?.(protocol) ?? pretendIdentity;
          return "kind" in told ? fail(told) : ok(told);
        }),
      power: () =>
        answer("power", () => {
          const state = host.lies.toldPower?.(protocol) ?? (host.isOn ? "on" : "off");
          return ok({ state, chassis: null, observedMs: clock.nowUnixMs(), said: state });
        }),
      setPower: (order) =>
        change(
          `set-power ${order}`,
          () => host.lies.setPower?.(order, protocol) ?? null,
          () => {
            if (order === "on" && !host.isOn) host.power("on");
            else if (order === "off" || order === "soft-off") host.power("off");
            else if (order !== "on" && host.isOn) begin();
          },
        ),
      boot: () =>
        answer("boot", () => {
          const told = host.lies.toldBoot?.(protocol);
          if (told) return ok(told);
          const wish = host.override?.wish;
          const none: BootSight = {
            device: "none",
            enabled: "disabled",
            mode: "uefi",
            order: null,
            said: "none",
          };
          if (wish === undefined) return ok(none);
          const enabled = wish.isOnce ? "once" : "continuous";
          return ok({
            device: wish.device,
            enabled,
            mode: wish.mode,
            order: null,
            said: wish.device,
          });
        }),
      setBoot: (wish, way) =>
        change(
          `set-boot ${way} ${wish.device}`,
          () => host.lies.setBoot?.(wish, way, protocol) ?? null,
          () => {
            host.override = wish.device === "none" ? null : { wish, atMs: clock.nowUnixMs() };
          },
        ),
      watts: () =>
        answer("watts", () => {
          const told = host.lies.watts?.();
          const milliwatts = (
            told === undefined ? (host.isOn ? 300_000 : 9_000) : told
          ) as Milliwatts | null;
          return ok({ milliwatts, source: "PSU", observedMs: clock.nowUnixMs() });
        }),
      progress: () => answer("progress", () => ok(null)),
      events: () => answer("events", () => ok([])),
      light: () => answer("light", () => ok(null)),
      setLight: () => answer("setLight", () => ok(undefined)),
      reset: () =>
        change(
          "reset-bmc",
          () => null,
          () => host.lies.onReset?.(),
        ),
      media:
        hasMedia && protocol === "redfish"
          ? {
              slots: () =>
                answer("slots", () =>
                  ok([
                    {
                      slot: "Cd",
                      kinds: ["CD"],
                      inserted: host.media !== null,
                      image: host.media,
                      mayInsert: true,
                    },
                  ]),
                ),
              insertWays: ["post"],
              insert: ({ url }) =>
                change(
                  "insert",
                  () => null,
                  () => {
                    host.media = url;
                  },
                ),
              ejectWays: ["post", "patch"],
              eject: () =>
                change(
                  "eject",
                  () => null,
                  () => {
                    host.media = null;
                  },
                ),
            }
          : null,
      tasks: null,
      close: async () => {},
    };
  };
  return Object.assign(host, { drivers: protocols.map(driverOf) });
}
