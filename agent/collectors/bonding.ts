import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { parseInteger, trimSysfs } from "./text.ts";

/** Several ports that work as one. */
export interface Bond {
  readonly name: string;
  /** `fault-tolerance (active-backup)`, `IEEE 802.3ad Dynamic link aggregation`; null: not told. */
  readonly mode: string | null;
  readonly activeMember: string | null;
  readonly members: readonly BondMember[];
}

export interface BondMember {
  readonly name: string;
  /** null: not told. */
  readonly isUp: boolean | null;
  readonly linkFailures: number | null;
  /** Burnt-in address, which the bond hides. */
  readonly address: string | null;
}

/**
 * Source: /proc/net/bonding/NAME; where that is not there /sys/class/net/NAME/bonding/slaves and
 * slave_PORT/bonding_slave/mii_status, which know less.
 */
export function readBonds(source: HardwareSource): readonly Bond[] {
  const masters = source.readText("/sys/class/net/bonding_masters");
  const listed = source.listDirectory("/proc/net/bonding");
  const names = masters.ok ? trimSysfs(masters.value).split(/\s+/) : listed.ok ? listed.value : [];
  return names
    .filter((name) => name !== "" && !name.includes("/"))
    .slice(0, bondsMax)
    .map((name) => {
      const text = source.readText(`/proc/net/bonding/${name}`);
      return text.ok ? parseBond(name, text.value) : readBondFromSysfs(source, name);
    });
}

/** One file of /proc/net/bonding: what stands before the first member is of the bond itself. */
export function parseBond(name: string, text: string): Bond {
  const parts = text.slice(0, textLengthMax).split(/^(?:Slave|Port) Interface: /m);
  const of = (part: string, key: string): string | null =>
    new RegExp(`^${key}: (.{1,100})$`, "m").exec(part)?.[1]?.trim() || null;
  const head = parts[0] ?? "";
  const active = of(head, "Currently Active (?:Slave|Port)");
  return {
    name,
    mode: of(head, "Bonding Mode"),
    activeMember: active === "None" ? null : active,
    members: parts.slice(1, membersMax + 1).map((part) => ({
      name: /^\S{1,64}/.exec(part)?.[0] ?? "",
      isUp: upOf(of(part, "MII Status")),
      linkFailures: parseInteger(of(part, "Link Failure Count") ?? ""),
      address: of(part, "Permanent HW addr")?.toLowerCase() ?? null,
    })),
  };
}

function readBondFromSysfs(source: HardwareSource, name: string): Bond {
  const folder = `/sys/class/net/${name}`;
  const text = (path: string): string => {
    const read = source.readText(`${folder}/${path}`);
    return read.ok ? trimSysfs(read.value) : "";
  };
  const members = text("bonding/slaves")
    .split(/\s+/)
    .filter((member) => member !== "");
  return {
    name,
    mode: text("bonding/mode").replace(/ \d+$/, "") || null,
    activeMember: text("bonding/active_slave") || null,
    members: members.slice(0, membersMax).map((member) => ({
      name: member,
      isUp: upOf(text(`slave_${member}/bonding_slave/mii_status`) || null),
      linkFailures: parseInteger(text(`slave_${member}/bonding_slave/link_failure_count`)),
      address: text(`slave_${member}/bonding_slave/perm_hwaddr`) || null,
    })),
  };
}

function upOf(status: string | null): boolean | null {
  if (status === null) return null;
  return status === "up";
}

const bondsMax = 64;
const membersMax = 64;
const textLengthMax = 256 * 1024;
