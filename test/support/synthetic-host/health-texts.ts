import { createWalk } from "./load-walk.ts";
import { type ServerShape, socketOfCpu, threadCount } from "./server-shape.ts";
import type { TextParts, Texts } from "./texts.ts";

/** What the kernel counts of errors and could say of the start; nothing of it moves. */
export function healthFacts(shape: ServerShape): Texts {
  const texts: Record<string, string> = {
    "/sys/class/watchdog/watchdog0/bootstatus": "0\n",
    "/sys/class/watchdog/watchdog0/identity": "iTCO_wdt\n",
    "/sys/module/pstore/parameters/backend": "efi_pstore\n",
    "/sys/devices/system/cpu/possible": `0-${threadCount(shape) - 1}\n`,
    "/sys/devices/system/cpu/present": `0-${threadCount(shape) - 1}\n`,
    "/sys/devices/system/cpu/offline": "\n",
  };
  const cores = shape.processor.sockets * shape.processor.coresPerSocket;
  for (let cpu = 0; cpu < threadCount(shape); cpu += 1) {
    const folder = `/sys/devices/system/cpu/cpu${cpu}`;
    texts[`${folder}/topology/core_id`] = `${(cpu % cores) % shape.processor.coresPerSocket}\n`;
    if (shape.processor.vendor !== "GenuineIntel") continue;
    texts[`${folder}/thermal_throttle/core_throttle_count`] = "0\n";
    texts[`${folder}/thermal_throttle/package_throttle_count`] =
      socketOfCpu(shape, cpu) === 0 ? "3\n" : "0\n";
  }
  return texts;
}

/**
 * Clocks, pressure, memory of each node, error counts and machine checks. Clocks step every eighth
 * frame; one module of the last controller corrects an error now and then.
 */
export function createHealthTexts({ shape, random, load }: TextParts): (frame: number) => Texts {
  const stalls = {
    cpu: 41_000_000 + random.below(9_000_000),
    io: 88_000_000 + random.below(9_000_000),
    memory: 120_000,
  };
  const used = createWalk(random.fork("nodes"), shape.frames, { mean: 0.55, swing: 0.04 });
  const nodeKibibytes = Math.round(
    (shape.dimms.count * shape.dimms.gibibytes * 1024 * 1024 * 0.985) / shape.processor.sockets,
  );
  return (frame) => {
    stalls.cpu += Math.round(160_000 * load(frame));
    stalls.io += Math.round(95_000 * load(frame) * load(frame));
    const texts: Record<string, string> = {
      "/proc/pressure/cpu": pressure(stalls.cpu, null),
      "/proc/pressure/io": pressure(stalls.io, Math.floor(stalls.io * 0.6)),
      "/proc/pressure/memory": pressure(stalls.memory, Math.floor(stalls.memory * 0.5)),
      "/proc/interrupts": interrupts(shape),
    };
    for (let node = 0; node < shape.processor.sockets; node += 1) {
      const free = Math.round(nodeKibibytes * (1 - used(frame) - node * 0.02));
      texts[`/sys/devices/system/node/node${node}/meminfo`] =
        `Node ${node} MemTotal:       ${nodeKibibytes} kB\nNode ${node} MemFree:        ${free} kB\nNode ${node} MemUsed:        ${nodeKibibytes - free} kB\n`;
      texts[`/sys/devices/system/node/node${node}/distance`] = `${Array.from(
        { length: shape.processor.sockets },
        (_, other) => (other === node ? 10 : 21),
      ).join(" ")}\n`;
    }
    const megahertz = 2_000 + Math.round(1_400 * load(frame - (frame % 8)));
    for (let cpu = 0; cpu < threadCount(shape); cpu += 1)
      texts[`/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_cur_freq`] = `${megahertz * 1000}\n`;
    return { ...texts, ...memoryErrors(shape, frame) };
  };
}

function memoryErrors(shape: ServerShape, frame: number): Texts {
  const texts: Record<string, string> = {};
  const perSocket = shape.dimms.count / shape.processor.sockets;
  for (let index = 0; index < shape.dimms.count; index += 1) {
    const controller = Math.floor(index / perSocket);
    const folder = `/sys/devices/system/edac/mc/mc${controller}`;
    const place = index % perSocket;
    const isWeak = index === shape.dimms.count - 1;
    const corrected = isWeak ? 12 + Math.floor(frame / 9) : 0;
    texts[`${folder}/dimm${place}/dimm_label`] =
      `CPU_SrcID#${controller}_MC#0_Chan#${place}_DIMM#0\n`;
    texts[`${folder}/dimm${place}/dimm_ce_count`] = `${corrected}\n`;
    texts[`${folder}/dimm${place}/dimm_ue_count`] = "0\n";
    texts[`${folder}/mc_name`] = "Example memory controller\n";
    texts[`${folder}/ce_noinfo_count`] = "0\n";
    texts[`${folder}/ue_noinfo_count`] = "0\n";
    texts[`${folder}/ce_count`] = `${corrected}\n`;
    texts[`${folder}/ue_count`] = "0\n";
  }
  return texts;
}

function interrupts(shape: ServerShape): string {
  const cpus = Array.from({ length: threadCount(shape) }, (_, cpu) => cpu);
  const row = (name: string, count: number, text: string): string =>
    `${name.padStart(4)}: ${cpus.map(() => String(count).padStart(10)).join(" ")}   ${text}\n`;
  return [
    `     ${cpus.map((cpu) => `CPU${cpu}`.padStart(10)).join(" ")}\n`,
    row("TRM", 0, "Thermal event interrupts"),
    row("MCE", 0, "Machine check exceptions"),
    row("MCP", 11_808, "Machine check polls"),
  ].join("");
}

function pressure(some: number, full: number | null): string {
  const line = (kind: string, total: number): string =>
    `${kind} avg10=0.12 avg60=0.10 avg300=0.08 total=${total}\n`;
  return line("some", some) + line("full", full ?? 0);
}
