import { firmwareText } from "./dmi-values.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";

/** What the switch at the other end of a cable says of itself. */
export interface LldpNeighbor {
  /** The local port: eth0. */
  readonly port: string;
  /** System name, else chassis id. */
  readonly system: string | null;
  /** Port id or description, whichever a person can read. */
  readonly remotePort: string | null;
}

/**
 * Source: `lldpctl -f json` and `-f json0` (package lldpd). Where there is one of something older
 * versions give an object and newer an array; a chassis may be keyed by the system's name; json0
 * wraps every value as `[{"value": …}]`. null: not such a text; empty: no neighbour speaks LLDP.
 * Of several neighbours at one port the first is taken.
 */
export function parseLldp(text: string): readonly LldpNeighbor[] | null {
  const start = text.indexOf("{");
  if (start < 0 || text.length > textLengthMax) return null;
  let answer: unknown;
  try {
    answer = JSON.parse(text.slice(start));
  } catch {
    return null;
  }
  const [lldp] = listOf(isRecord(answer) ? answer["lldp"] : null);
  if (!isRecord(lldp)) return null;
  const seen = new Set<string>();
  const neighbors: LldpNeighbor[] = [];
  for (const entry of listOf(lldp["interface"])) {
    if (!isRecord(entry)) continue;
    // Either `{"name": "eth0", "chassis": …}`, or one or more ports by name.
    const own = plain(entry["name"]);
    const ports = own === null ? Object.entries(entry) : [[own, entry] as const];
    for (const [port, described] of ports) {
      const [details] = listOf(described);
      if (!isRecord(details) || seen.has(port) || neighbors.length >= neighborsMax) continue;
      seen.add(port);
      neighbors.push({ port, ...readDetails(details) });
    }
  }
  return neighbors;
}

type Details = Readonly<Record<string, unknown>>;

function readDetails(details: Details): Pick<LldpNeighbor, "system" | "remotePort"> {
  const [chassis] = listOf(details["chassis"]);
  const [port] = listOf(details["port"]);
  return {
    system: isRecord(chassis) ? readSystem(chassis) : null,
    remotePort: isRecord(port) ? readPort(port) : null,
  };
}

function readSystem(chassis: Details): string | null {
  const described = plain(chassis["name"]) ?? identifier(chassis["id"])?.value ?? null;
  if (described !== null) return described;
  const [name, inner] = Object.entries(chassis)[0] ?? [];
  return name !== undefined && isRecord(inner) ? firmwareText(name) : null;
}

function readPort(port: Details): string | null {
  const id = identifier(port["id"]);
  const description = plain(port["descr"]);
  // A hardware address names a port to nobody who stands before it.
  return id === null || id.type === "mac" ? (description ?? id?.value ?? null) : id.value;
}

function identifier(value: unknown): { readonly type: string; readonly value: string } | null {
  const [id] = listOf(value);
  const text = isRecord(id) ? plain(id["value"]) : null;
  return text === null || !isRecord(id)
    ? null
    : { type: plain(id["type"]) ?? "unknown", value: text };
}

/** A text as it is, as a number, or wrapped in `[{"value": …}]`. */
function plain(value: unknown): string | null {
  const [first] = listOf(value);
  const inner = isRecord(first) ? first["value"] : first;
  return firmwareText(typeof inner === "number" ? String(inner) : inner);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** `leaf-3 Ethernet1/12`, as a person would write it on the cable. */
export function neighborText(neighbor: LldpNeighbor): string | null {
  const words = [neighbor.system, neighbor.remotePort].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(" ");
}

const textLengthMax = 4 * 1024 * 1024;
const neighborsMax = 512;
