import type { SeededRandom } from "#test/support/seeded-random.ts";
import { createWalk, split, type Walk } from "./load-walk.ts";
import { type ServerShape, socketOfCpu, threadCount } from "./server-shape.ts";
import type { TextParts, Texts } from "./texts.ts";

/** What never changes: topology and names. */
export function processorFacts(shape: ServerShape): Texts {
  const threads = threadCount(shape);
  const { processor } = shape;
  const cores = processor.sockets * processor.coresPerSocket;
  const texts: Record<string, string> = {
    "/sys/devices/system/cpu/online": `0-${threads - 1}\n`,
  };
  const blocks: string[] = [];
  for (let cpu = 0; cpu < threads; cpu += 1) {
    const core = cpu % cores;
    const socket = socketOfCpu(shape, cpu);
    const folder = `/sys/devices/system/cpu/cpu${cpu}/topology`;
    const siblings = processor.threadsPerCore === 1 ? `${core}` : `${core},${core + cores}`;
    texts[`${folder}/thread_siblings_list`] = `${siblings}\n`;
    texts[`${folder}/physical_package_id`] = `${socket}\n`;
    blocks.push(
      [
        `processor\t: ${cpu}`,
        `vendor_id\t: ${processor.vendor}`,
        `model name\t: ${processor.model}`,
        `physical id\t: ${socket}`,
        `siblings\t: ${processor.coresPerSocket * processor.threadsPerCore}`,
        `core id\t\t: ${core % processor.coresPerSocket}`,
        `cpu cores\t: ${processor.coresPerSocket}`,
        "flags\t\t: fpu tsc msr pae apic sse sse2 ht syscall nx lm constant_tsc avx avx2",
      ].join("\n"),
    );
    const node = `/sys/devices/system/node/node${socket}`;
    texts[`${node}/cpulist`] = `${listOfSocket(shape, socket)}\n`;
  }
  texts["/proc/cpuinfo"] = `${blocks.join("\n\n")}\n\n`;
  return texts;
}

/**
 * /proc/stat and /proc/loadavg. Every CPU has 100 ticks a second to give out; some are busier than
 * others, the first ones carry the interrupts, and what is left idles or waits for disks.
 */
export function createProcessorTexts({ shape, random, load }: TextParts): (frame: number) => Texts {
  const threads = threadCount(shape);
  const cpus = Array.from({ length: threads }, (_, cpu) =>
    createCpu(random.fork(`cpu${cpu}`), shape, cpu),
  );
  const switches = random.fork("switches");
  let contextSwitches = 41_000_000_000 + random.below(1_000_000_000);
  let interrupts = 23_000_000_000 + random.below(1_000_000_000);
  let processes = 9_000_000 + random.below(1_000_000);
  let loadAverage = load(0) * threads;
  return (frame) => {
    for (const cpu of cpus) cpu.step(frame, load(frame));
    const whole = cpus.reduce(
      (sum, { ticks }) => sum.map((value, mode) => value + (ticks[mode] ?? 0)),
      new Array<number>(modeCount).fill(0),
    );
    contextSwitches += Math.round(
      (2_000 + 9_000 * load(frame)) * threads * (0.9 + switches.next() / 5),
    );
    interrupts += Math.round((900 + 2_500 * load(frame)) * threads * (0.9 + switches.next() / 5));
    processes += switches.below(40);
    const running = Math.max(1, Math.round(load(frame) * threads));
    // The kernel's one-minute average, taken every second here.
    loadAverage += (running - loadAverage) * (1 - Math.exp(-1 / 60));
    const lines = [
      `cpu  ${whole.join(" ")} 0 0`,
      ...cpus.map(({ ticks }, cpu) => `cpu${cpu} ${ticks.join(" ")} 0 0`),
      `intr ${interrupts}`,
      `ctxt ${contextSwitches}`,
      `btime ${bootUnixSeconds}`,
      `processes ${processes}`,
      `procs_running ${running}`,
      "procs_blocked 0",
    ];
    const averages = [loadAverage, load(0) * threads * 0.97, load(0) * threads * 0.94];
    return {
      "/proc/stat": `${lines.join("\n")}\n`,
      "/proc/loadavg": `${averages.map((value) => value.toFixed(2)).join(" ")} ${running}/${threads * 14} ${processes}\n`,
    };
  };
}

interface Cpu {
  /** user, nice, system, idle, iowait, irq, softirq, steal since boot, in ticks of 1/100 s. */
  readonly ticks: number[];
  step(frame: number, load: number): void;
}

function createCpu(random: SeededRandom, shape: ServerShape, cpu: number): Cpu {
  const own = 0.55 + random.next() * 0.9;
  const wobble: Walk = createWalk(random, shape.frames, { mean: 0.5, swing: 0.35 });
  const softirq = cpu < 8 ? 4 : 0.4;
  const sharesOf = (busy: number, load: number): readonly number[] => [
    busy * 78,
    busy * 0.3,
    busy * 17,
    (1 - busy) * 97,
    (1 - busy) * 3 * load,
    0,
    busy * softirq,
    0,
  ];
  const ticks = [...split(upSeconds * 100, sharesOf(shape.load.mean * own * 0.9, shape.load.mean))];
  return {
    ticks,
    step(frame, load) {
      const busy = Math.min(0.995, Math.max(0.002, load * own * (0.6 + wobble(frame) * 0.8)));
      const parts = split(100, sharesOf(busy, load));
      for (const [mode, part] of parts.entries()) ticks[mode] = (ticks[mode] ?? 0) + part;
    },
  };
}

function listOfSocket(shape: ServerShape, socket: number): string {
  const { sockets, coresPerSocket, threadsPerCore } = shape.processor;
  const first = socket * coresPerSocket;
  const ranges = Array.from({ length: threadsPerCore }, (_, thread) => {
    const from = first + thread * sockets * coresPerSocket;
    return `${from}-${from + coresPerSocket - 1}`;
  });
  return ranges.join(",");
}

const modeCount = 8;
const upSeconds = 41 * 86_400;
const bootUnixSeconds = 1_790_064_000;
