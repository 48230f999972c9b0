import { type HardwareSource, rootMend } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByTool } from "./absences.ts";
import type { Collector, Discovery, SampleSink, SeriesHandle } from "./collector.ts";
import { parseDmidecode } from "./dmi.ts";
import type { DmiInventory } from "./dmi-inventory.ts";
import { dmiComponents } from "./dmi-components.ts";
import { lshwInventory, parseLshw } from "./lshw.ts";
import { mergeComponents, type SourcedParts } from "./parts-merge.ts";
import { unlookedParts } from "./unlooked-parts.ts";

const cadenceMs = 600_000;
const timeoutMs = 20_000;
/** lshw walks all busses; on large hosts that takes a minute. */
const lshwTimeoutMs = 90_000;
/** SMBIOS types of board, BMC, processors, memory and supplies; the rest is not asked for. */
const dmidecodeArgs = ["-t", "0,1,2,3,4,16,17,38,39,41"];

/**
 * Without the looks that would wake a sleeping disk (it reads partition tables), talk to the modules'
 * own memory over I2C, or write to ports in search of ISA cards.
 */
const lshwArgs = [
  "-json",
  "-quiet",
  ..."scsi ide nvme mmc usb mounts spd isapnp pcmcia pcmcia-legacy"
    .split(" ")
    .flatMap((look) => ["-disable", look]),
];

/**
 * Which parts are in the machine, as its firmware's tables say.
 * Source: `dmidecode -t 0,1,2 …`; what it leaves open, `lshw -json`
 * without its looks at disks.
 * Rated supplies give hw.power_supply.limit. Runs at start and every six hours.
 */
export function createPartsCollector(source: HardwareSource, sink: SampleSink): Collector {
  let limits: readonly (readonly [SeriesHandle, number])[] = [];

  return {
    subject: "parts",
    cadenceMs,
    async discover(): Promise<Discovery> {
      const absences: Absence[] = [];
      const lists: SourcedParts[] = [];
      const inventory = await readDmi(source, absences);
      if (inventory !== null) {
        lists.push({ source: "dmi", components: dmiComponents(inventory) });
        absences.push(...supplyAbsences(inventory));
      }
      const lshw = await readLshw(source, absences);
      if (lshw !== null) lists.push(lshw);
      limits = inventory === null ? [] : declareLimits(sink, inventory);
      return { absences, identity: { components: mergeComponents(lists) } };
    },
    collect() {
      for (const [handle, milliwatts] of limits) sink.set(handle, milliwatts);
      return null;
    },
    close: () => {},
  };
}

async function readDmi(source: HardwareSource, absences: Absence[]): Promise<DmiInventory | null> {
  const what = "components.board";
  if (!hasTables(source)) {
    absences.push(
      absent({
        what,
        reason: "no-such-hardware",
        detail:
          "/sys/firmware/dmi/tables: this machine has no SMBIOS tables (many ARM and POWER hosts, small virtual machines)",
      }),
    );
    return null;
  }
  const answer = await source.runTool({ tool: "dmidecode", args: dmidecodeArgs, timeoutMs });
  const unread = (absence: Absence): null => {
    absences.push(absence, ...(knewBefore(absence) ? unlookedParts(kindsOfTables, absence) : []));
    return null;
  };
  if (!answer.ok) return unread(absentByTool(what, answer.problem, "dmidecode"));
  const { exitCode, stdout, stderr } = answer.value;
  const inventory = parseDmidecode(stdout);
  const isEmpty = inventory.system === null && inventory.processors.length === 0;
  if (!isEmpty) return inventory;
  const isDenied = /permission denied|operation not permitted/i.test(`${stderr}\n${stdout}`);
  return unread(
    absent({
      what,
      reason: isDenied ? "permission-denied" : exitCode === 0 ? "not-supported" : "tool-failed",
      detail: isDenied
        ? `dmidecode may not read the tables: ${rootMend}`
        : `dmidecode ended with ${exitCode} and showed neither system nor processors`,
    }),
  );
}

/** Parts of which tables tell, beside the board: while they cannot be read none is known to be gone. */
const kindsOfTables = ["cpu", "dimm", "psu", "bmc"] as const;

/** A tool that is not there told of no part before; one that hung or failed this time did. */
function knewBefore({ reason }: Absence): boolean {
  return reason !== "tool-missing" && reason !== "not-supported";
}

/**
 * Without the kernel's copy of the tables dmidecode would search the machine's memory for them, which
 * on some hosts is no harmless look. The second folder is that of kernels before 4.2.
 */
function hasTables(source: HardwareSource): boolean {
  return (
    source.listDirectory("/sys/firmware/dmi/tables").ok ||
    source.listDirectory("/sys/class/dmi/id").ok
  );
}

async function readLshw(source: HardwareSource, absences: Absence[]): Promise<SourcedParts | null> {
  const what = "components.nic.firmware";
  const answer = await source.runTool({
    tool: "lshw",
    args: hasTables(source) ? lshwArgs : [...lshwArgs, "-disable", "dmi"],
    timeoutMs: lshwTimeoutMs,
  });
  const parsed = answer.ok ? parseLshw(answer.value.stdout) : null;
  if (parsed?.ok) return { source: "lshw", components: lshwInventory(parsed.value).components };
  const absence = !answer.ok
    ? absentByTool(what, answer.problem, "lshw")
    : absent({
        what,
        reason: "unreadable-text",
        detail: `lshw -json: ${parsed?.problem.detail ?? "no answer"}`,
      });
  absences.push(absence);
  // On a machine without tables it is lshw that knows processors and modules.
  if (knewBefore(absence) && absence.reason !== "permission-denied")
    absences.push(...unlookedParts(["cpu", "dimm", "psu", "nic"], absence));
  return null;
}

/** Supplies that are there and of which the table knows nothing, or nothing that can be. */
function supplyAbsences({ supplies }: DmiInventory): readonly Absence[] {
  if (supplies.length === 0)
    return [
      absent({
        what: "hw.power_supply.limit",
        reason: "not-supported",
        detail:
          "dmidecode -t 39: the firmware has no table of supplies; the BMC may: apt install ipmitool",
      }),
    ];
  return supplies
    .filter(({ present, capacityMilliwatts }) => present !== false && capacityMilliwatts === null)
    .map(({ slot, capacityText }) =>
      absent({
        what: "hw.power_supply.limit",
        attributes: { "hw.id": slot },
        reason: capacityText === null ? "not-supported" : "implausible",
        detail:
          capacityText === null
            ? "dmidecode -t 39: the firmware does not know what the supply is rated for"
            : `dmidecode -t 39: ${capacityText} is no rating of a server's supply`,
      }),
    );
}

function declareLimits(
  sink: SampleSink,
  { supplies }: DmiInventory,
): readonly (readonly [SeriesHandle, number])[] {
  return supplies.flatMap(({ present, slot, serial, capacityMilliwatts }) =>
    present === true && capacityMilliwatts !== null
      ? [
          [
            sink.declare({
              metric: "hw.power_supply.limit",
              attributes: {
                "hw.id": serial ?? slot,
                "hw.name": slot,
                "hw.type": "power_supply",
              },
              exponent: -3,
              cadenceMs,
            }),
            capacityMilliwatts,
          ] as const,
        ]
      : [],
  );
}
