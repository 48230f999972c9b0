import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { absent, absentByTool, problemOf } from "./absences.ts";
import { readBonds } from "./bonding.ts";
import type { Collector, Discovery, SampleSink, SeriesHandle } from "./collector.ts";
import { readPorts } from "./links-ports.ts";
import { carrierOf, isPort, listInterfaces, parseCount, parseFlags } from "./links-state.ts";
import { type LldpNeighbor, parseLldp } from "./lldp.ts";
import { trimSysfs } from "./text.ts";

const cadenceMs = 5_000;
/** Cables move rarely, and asking starts a program. */
const neighborsMsMax = 600_000;
const lldpTimeoutMs = 5_000;

/**
 * The server's network ports: whether a cable carries, how often the link went, bonds, the ports as
 * parts with the switch's port at their other end.
 * Source: /sys/class/net (`readLinkState`), /proc/net/bonding (`readBonds`), `lldpctl -f json`.
 */
export function createLinksCollector(
  source: HardwareSource,
  sink: SampleSink,
  clock: Clock,
): Collector {
  let ports: readonly Port[] = [];
  let bonds: readonly WatchedBond[] = [];
  let asked: Neighbors | null = null;
  let askedAt = 0;

  const askNeighbors = async (): Promise<Neighbors> => {
    const now = clock.nowMonotonicMs();
    if (asked !== null && now - askedAt < neighborsMsMax) return asked;
    askedAt = now;
    asked = await readNeighbors(source);
    return asked;
  };

  return {
    subject: "links",
    cadenceMs,
    async discover(): Promise<Discovery> {
      const names = listInterfaces(source).filter((name) => isPort(source, name));
      const found = readBonds(source);
      const { neighbors, absences } =
        names.length === 0 ? { neighbors: [], absences: [] } : await askNeighbors();
      ports = names.map((name) => watchPort(sink, name));
      bonds = found.map(({ name }) => ({ name, ...watchBond(sink, name) }));
      return {
        absences: [...(names.length === 0 ? [noPorts()] : []), ...absences],
        identity: { components: readPorts(source, names, found, neighbors) },
      };
    },
    collect() {
      const absences = ports.flatMap((port) => collectPort(source, sink, port));
      if (bonds.length > 0) collectBonds(source, sink, bonds);
      return problemOf(absences);
    },
    close: () => {},
  };
}

interface Neighbors {
  readonly neighbors: readonly LldpNeighbor[];
  readonly absences: readonly Absence[];
}

interface Port {
  readonly name: string;
  readonly up: SeriesHandle;
  readonly changes: SeriesHandle;
}

interface WatchedBond {
  readonly name: string;
  readonly up: SeriesHandle;
  readonly down: SeriesHandle;
}

/** Declares the series of one port. */
export function watchPort(sink: SampleSink, name: string): Port {
  const attributes = { "network.interface.name": name };
  const declare = (metric: "wws.network.link_up" | "wws.network.carrier_changes"): SeriesHandle =>
    sink.declare({ metric, attributes, exponent: 0, cadenceMs });
  return {
    name,
    up: declare("wws.network.link_up"),
    changes: declare("wws.network.carrier_changes"),
  };
}

function watchBond(sink: SampleSink, name: string): Pick<WatchedBond, "up" | "down"> {
  const declare = (state: string): SeriesHandle =>
    sink.declare({
      metric: "wws.network.bond_members",
      attributes: { "network.interface.name": name, "wws.bond.member_state": state },
      exponent: 0,
      cadenceMs,
    });
  return { up: declare("up"), down: declare("down") };
}

/** Sets the series of one port; tells what it cannot. */
export function collectPort(
  source: HardwareSource,
  sink: SampleSink,
  { name, up, changes }: Port,
): readonly Absence[] {
  const text = (file: string): string | null => {
    const read = source.readText(`/sys/class/net/${name}/${file}`);
    return read.ok ? trimSysfs(read.value) || null : null;
  };
  const count = parseCount(text("carrier_changes") ?? "");
  if (count !== null) sink.set(changes, count);
  const carrier = text("carrier");
  const operstate = text("operstate");
  // A port that is switched off refuses to say; `flags` then tells the two apart.
  const isOff = carrier === null && parseFlags(text("flags")) === false;
  const isUp = isOff ? null : carrierOf(carrier, operstate);
  if (isUp !== null) {
    sink.set(up, isUp ? 1 : 0);
    return [];
  }
  return [
    absent({
      what: "wws.network.link_up",
      attributes: { "network.interface.name": name },
      reason: isOff ? "switched-off" : "not-supported",
      detail: isOff
        ? `/sys/class/net/${name}: the port is switched off; ip link set ${name} up`
        : `/sys/class/net/${name}/carrier: the driver does not say (${operstate ?? "no operstate"})`,
    }),
  ];
}

function collectBonds(
  source: HardwareSource,
  sink: SampleSink,
  watched: readonly WatchedBond[],
): void {
  const now = new Map(readBonds(source).map((bond) => [bond.name, bond.members]));
  for (const { name, up, down } of watched) {
    const members = now.get(name)?.filter(({ isUp }) => isUp !== null);
    if (members === undefined || members.length === 0) continue;
    const working = members.filter(({ isUp }) => isUp === true).length;
    sink.set(up, working);
    sink.set(down, members.length - working);
  }
}

async function readNeighbors(source: HardwareSource): Promise<Neighbors> {
  const what = "components.nic.neighbor";
  const answer = await source.runTool({
    tool: "lldpctl",
    args: ["-f", "json"],
    timeoutMs: lldpTimeoutMs,
  });
  if (!answer.ok) return { neighbors: [], absences: [absentByTool(what, answer.problem, "lldpd")] };
  const { exitCode, stdout, stderr } = answer.value;
  const neighbors = exitCode === 0 ? parseLldp(stdout) : null;
  if (neighbors !== null) return { neighbors, absences: [] };
  const said = (stderr.split("\n")[0] ?? "").slice(0, 80);
  return {
    neighbors: [],
    absences: [
      absent({
        what,
        reason: exitCode === 0 ? "unreadable-text" : "tool-failed",
        detail: `lldpctl -f json ended with ${exitCode}: ${said || "no JSON"}; systemctl enable --now lldpd`,
      }),
    ],
  };
}

function noPorts(): Absence {
  return absent({
    what: "wws.network.link_up",
    reason: "no-such-hardware",
    detail: "/sys/class/net: no interface with a device behind it",
  });
}
