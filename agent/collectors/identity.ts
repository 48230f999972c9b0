import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence, Identity } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { absent, absentByTool } from "./absences.ts";
import type { Collector } from "./collector.ts";
import { parseDimms } from "./dimms.ts";
import { readDisks } from "./disk-identity.ts";
import { readFirmwareFacts } from "./firmware-facts.ts";
import { readNics } from "./nic-identity.ts";
import { readProcessor } from "./processor.ts";
import { askSlowFacts, type SlowAnswers, type SlowFacts, slowText } from "./slow-facts.ts";
import { parseList, trimSysfs } from "./text.ts";
import type { Virtualization } from "./virtualization.ts";

/** How long answers that cost child processes are good for. */
const slowFactsMsMax = 3_600_000;
const cadenceMs = 60_000;

/**
 * Who this machine is: slow facts of firmware, system and parts. /proc and /sys are looked at on
 * every discovery; systeminformation is asked once an hour.
 */
export function createIdentityCollector(
  source: HardwareSource,
  clock: Clock,
  virtualization: () => Virtualization,
): Collector {
  let answers: SlowAnswers | null = null;
  let askedAt = 0;
  return {
    subject: "identity",
    cadenceMs,
    async discover() {
      const now = clock.nowMonotonicMs();
      if (answers === null || now - askedAt > slowFactsMsMax) {
        askedAt = now;
        answers = await askSlowFacts(source);
      }
      const { facts, problems } = answers;
      const virtual = virtualization();
      const firmware = readFirmwareFacts(source, facts, virtual);
      const system = readSystem(source, facts);
      const components = [
        ...readDisks(source),
        ...readNics(source),
        ...parseDimms(facts.memLayout),
      ];
      const processor = readProcessor(source);
      const absences: Absence[] = [...firmware.absences, ...system.absences];
      absences.push(...problems.map((problem) => absentByTool(problem.tool, problem, "dmidecode")));
      if (processor === null) absences.push(noProcessor());
      if (!components.some(({ kind }) => kind === "dimm")) absences.push(noDimms(virtual));
      const name = nameOf(virtual, facts);
      if (name === null) absences.push(noVirtualization());
      const identity = {
        ...firmware.fields,
        ...system.fields,
        virtualization: name,
        processor,
        components,
      };
      return { absences, identity };
    },
    collect: () => null,
    close: () => {},
  };
}

type SystemField = "hostname" | "kernel" | "os" | "architecture" | "numaNodes";

function readSystem(
  source: HardwareSource,
  slow: SlowFacts,
): { fields: Pick<Identity, SystemField>; absences: readonly Absence[] } {
  const text = (path: string): string | null => {
    const read = source.readText(path);
    return read.ok ? trimSysfs(read.value) || null : null;
  };
  const release = text("/etc/os-release") ?? "";
  const pretty = /^PRETTY_NAME="?(.*?)"?$/m.exec(release)?.[1];
  const fields = {
    hostname: text("/proc/sys/kernel/hostname"),
    kernel: text("/proc/sys/kernel/osrelease"),
    os: pretty || slowText(slow, "osInfo", "distro") || null,
    // The kernel shows its architecture since 6.1; before that the library knows it as Node does.
    architecture: text("/proc/sys/kernel/arch") ?? kernelName(slowText(slow, "osInfo", "arch")),
    numaNodes: countNumaNodes(source),
  };
  const absences = systemPaths.flatMap(([field, path]) =>
    fields[field] === null
      ? [
          absent({
            what: field,
            reason: "no-kernel-interface",
            detail: `${path}: not there or empty`,
          }),
        ]
      : [],
  );
  return { fields, absences };
}

/** Nodes with processors; the memory of accelerators is a node without any. */
function countNumaNodes(source: HardwareSource): number | null {
  const listed = source.listDirectory("/sys/devices/system/node");
  if (!listed.ok) return null;
  const nodes = listed.value.filter((name) => /^node\d+$/.test(name));
  const withCpus = nodes.filter((node) => {
    const list = source.readText(`/sys/devices/system/node/${node}/cpulist`);
    if (list.ok) return (parseList(list.value)?.length ?? 0) > 0;
    const map = source.readText(`/sys/devices/system/node/${node}/cpumap`);
    return map.ok && /[1-9a-f]/i.test(map.value);
  });
  return withCpus.length === 0 ? null : withCpus.length;
}

function nameOf(virtualization: Virtualization, slow: SlowFacts): string | null {
  if (virtualization.kind === "none") return "none";
  if (virtualization.kind === "unknown")
    return slowText(slow, "system", "virtualHost").toLowerCase() || null;
  return (
    virtualization.name ??
    (slowText(slow, "system", "virtualHost").toLowerCase() || "unknown-hypervisor")
  );
}

function kernelName(nodeName: string): string | null {
  return nodeName === "" ? null : (architectures[nodeName] ?? nodeName);
}

function noProcessor(): Absence {
  return absent({
    what: "processor",
    reason: "no-kernel-interface",
    detail: "/sys/devices/system/cpu has no topology and /proc/cpuinfo no core ids",
  });
}

function noVirtualization(): Absence {
  return absent({
    what: "virtualization",
    reason: "no-kernel-interface",
    detail:
      "/proc/cpuinfo has no flags and /sys/hypervisor is not there: this architecture does not tell",
  });
}

function noDimms(virtualization: Virtualization): Absence {
  return absent({
    what: "components.dimm",
    reason: virtualization.kind === "virtual" ? "hidden-by-hypervisor" : "no-kernel-interface",
    detail:
      "dmidecode type 17 shows no module; as root on a machine with DMI: apt install dmidecode",
  });
}

const architectures: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  ppc64: "ppc64le",
  riscv64: "riscv64",
  s390x: "s390x",
};

const systemPaths = [
  ["hostname", "/proc/sys/kernel/hostname"],
  ["kernel", "/proc/sys/kernel/osrelease"],
  ["os", "/etc/os-release"],
  ["architecture", "/proc/sys/kernel/arch"],
  ["numaNodes", "/sys/devices/system/node"],
] as const satisfies readonly (readonly [SystemField, string])[];
