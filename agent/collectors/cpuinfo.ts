export interface Cpuinfo {
  /** null: the architecture does not name it. */
  readonly model: string | null;
  /** null where the text has no package and core numbers. */
  readonly counts: {
    readonly sockets: number;
    readonly cores: number;
    readonly threads: number;
  } | null;
}

/**
 * /proc/cpuinfo, which every architecture writes in its own way: x86 `model name`, POWER `cpu`, s390
 * one `processor 0: version = …` a line, RISC-V `uarch` or `isa`, ARM only numbers of maker and part.
 */
export function parseCpuinfo(text: string): Cpuinfo {
  // Blanks at the end are cut off apart: a pattern for them looks at each run of blanks again and again.
  const valueOfKey = (key: string): string | null =>
    new RegExp(`^${key}\\s*:(.*)$`, "m").exec(text)?.[1]?.trim() || null;
  const model =
    valueOfKey("model name") ??
    modelOfS390(text) ??
    valueOfKey("cpu") ??
    valueOfKey("Hardware") ??
    modelOfArm(valueOfKey("CPU implementer"), valueOfKey("CPU part")) ??
    valueOfKey("uarch") ??
    valueOfKey("isa");
  return {
    model: model === null ? null : model.replace(/\s+/g, " "),
    counts: countByNumbers(text),
  };
}

function countByNumbers(text: string): Cpuinfo["counts"] {
  const sockets = new Set<string>();
  const cores = new Set<string>();
  let threads = 0;
  for (const block of text.split(/\n\s*\n/)) {
    if (!/^processor\s*:/m.test(block)) continue;
    threads += 1;
    const socket = /^physical id\s*:\s*(\d+)/m.exec(block)?.[1];
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1];
    if (socket === undefined || core === undefined) continue;
    sockets.add(socket);
    cores.add(`${socket}/${core}`);
  }
  return cores.size === 0 ? null : { sockets: sockets.size, cores: cores.size, threads };
}

function modelOfS390(text: string): string | null {
  const machine = /^processor \d+:.*\bmachine = (\w+)/m.exec(text)?.[1];
  return machine === undefined ? null : `IBM/S390 ${machine}`;
}

function modelOfArm(implementer: string | null, part: string | null): string | null {
  if (implementer === null) return null;
  const number = `${implementer}/${part ?? "?"}`.toLowerCase();
  return armParts[number] ?? `ARM implementer ${implementer} part ${part ?? "unknown"}`;
}

/** Server cores by implementer and part (Arm and its licensees; Linux arch/arm64/include/asm/cputype.h). */
const armParts: Readonly<Record<string, string>> = {
  "0x41/0xd03": "ARM Cortex-A53",
  "0x41/0xd07": "ARM Cortex-A57",
  "0x41/0xd08": "ARM Cortex-A72",
  "0x41/0xd0b": "ARM Cortex-A76",
  "0x41/0xd0c": "ARM Neoverse-N1",
  "0x41/0xd40": "ARM Neoverse-V1",
  "0x41/0xd49": "ARM Neoverse-N2",
  "0x41/0xd4a": "ARM Neoverse-E1",
  "0x41/0xd4f": "ARM Neoverse-V2",
  "0x41/0xd83": "ARM Neoverse-V3AE",
  "0x41/0xd84": "ARM Neoverse-V3",
  "0x41/0xd85": "ARM Cortex-X925",
  "0x41/0xd87": "ARM Cortex-A725",
  "0x41/0xd8e": "ARM Neoverse-N3",
  "0x42/0x516": "Broadcom Vulcan (ThunderX2)",
  "0x43/0x0a1": "Cavium ThunderX",
  "0x43/0x0af": "Cavium ThunderX2",
  "0x43/0x0b8": "Marvell ThunderX3",
  "0x46/0x001": "Fujitsu A64FX",
  "0x46/0x003": "Fujitsu MONAKA",
  "0x48/0xd01": "HiSilicon Kunpeng-920 (TaiShan v110)",
  "0x48/0xd02": "HiSilicon TaiShan v120",
  "0x4e/0x004": "NVIDIA Carmel",
  "0x4e/0x010": "NVIDIA Olympus",
  "0x50/0x000": "APM X-Gene",
  "0x51/0xc00": "Qualcomm Falkor",
  "0x6d/0xd49": "Microsoft Azure Cobalt 100",
  "0x70/0x662": "Phytium FTC662",
  "0x70/0x663": "Phytium FTC663",
  "0xc0/0xac3": "Ampere-1",
  "0xc0/0xac4": "Ampere-1a",
};
