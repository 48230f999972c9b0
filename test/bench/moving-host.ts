import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes the files of a fake host move as a server's do: counters grow, temperatures and watts wander.
 * A host that stands still has no CPU shares, and columns of zeros pack better than any real one.
 * Everything is written over in place, by whoever measures and never by what is measured.
 */
export interface MovingHost {
  /** Lets `seconds` pass. */
  advance(seconds: number): void;
  close(): void;
}

/** `seed`: the same one, the same movement. Files that are not there are left out. */
export function openMovingHost(root: string, seed = 1): MovingHost {
  const random = seededRandom(seed);
  const files = movements.flatMap(({ path, move }) =>
    listFiles(root, path).map((file) => ({
      descriptor: openSync(file, "r+"),
      text: readFileSync(file, "latin1"),
      move,
    })),
  );
  return {
    advance(seconds) {
      for (const file of files) {
        file.text = file.move(file.text, seconds, random);
        // One write of what is nearly always as long as before: a reader sees no torn table.
        const bytes = writeSync(file.descriptor, file.text, 0, "latin1");
        ftruncateSync(file.descriptor, bytes);
      }
    },
    close() {
      for (const { descriptor } of files) closeSync(descriptor);
    },
  };
}

type Random = () => number;
type Move = (text: string, seconds: number, random: Random) => string;

const movements: readonly { readonly path: readonly (string | RegExp)[]; readonly move: Move }[] = [
  { path: ["proc", "stat"], move: moveCpuTimes },
  { path: ["proc", "diskstats"], move: moveDisks },
  { path: ["proc", "net", "dev"], move: moveNetwork },
  { path: ["proc", "meminfo"], move: moveMemory },
  { path: ["proc", "loadavg"], move: (text, _seconds, random) => moveFirst(text, random) },
  { path: ["sys/class/hwmon", /^hwmon\d+$/, /^temp\d+_input$/], move: wander(500) },
  { path: ["sys/class/hwmon", /^hwmon\d+$/, /^fan\d+_input$/], move: wander(40) },
  { path: ["sys/class/hwmon", /^hwmon\d+$/, /^power\d+_input$/], move: wander(4_000_000) },
  { path: ["sys/class/powercap", /^intel-rapl:\d+$/, "energy_uj"], move: moveEnergy },
];

/** Ticks of 1/100 s: each CPU does what it likes, and the whole is their sum. */
function moveCpuTimes(text: string, seconds: number, random: Random): string {
  const lines = text.split("\n");
  const sum = new Float64Array(10);
  for (let at = 1; at < lines.length; at += 1) {
    if (!lines[at]?.startsWith("cpu")) continue;
    const busy = Math.round(random() * 60 * seconds);
    const added = [
      busy,
      0,
      Math.round(busy / 4),
      Math.max(0, Math.round(100 * seconds - 1.25 * busy)),
    ];
    lines[at] = addTo(lines[at] ?? "", 1, added);
    added.forEach((ticks, mode) => {
      sum[mode] = (sum[mode] ?? 0) + ticks;
    });
  }
  lines[0] = addTo(lines[0] ?? "", 1, [...sum.subarray(0, 4)]);
  return lines.join("\n");
}

/** Reads, sectors and time of each disk, as many as a busy one has. */
function moveDisks(text: string, seconds: number, random: Random): string {
  return eachLine(text, (line) => {
    const reads = Math.round(random() * 900 * seconds);
    const writes = Math.round(random() * 600 * seconds);
    const milliseconds = Math.round(random() * 900 * seconds);
    return addTo(line, 3, [
      reads,
      0,
      reads * 8,
      reads,
      writes,
      0,
      writes * 16,
      writes,
      0,
      milliseconds,
    ]);
  });
}

function moveNetwork(text: string, seconds: number, random: Random): string {
  return eachLine(text, (line) => {
    if (!/^ *\S+:/.test(line)) return line;
    const packets = Math.round(random() * 9_000 * seconds);
    return addTo(line, 1, [packets * 900, packets, 0, 0, 0, 0, 0, 0, packets * 300, packets]);
  });
}

function moveMemory(text: string, _seconds: number, random: Random): string {
  return text.replace(/^(MemFree|MemAvailable|Cached): +(\d+)/gm, (all, _name, number: string) => {
    const next = Math.max(0, Number(number) + Math.round((random() - 0.5) * 4_000));
    return all.slice(0, -number.length) + String(next).padStart(number.length);
  });
}

function moveEnergy(text: string, seconds: number, random: Random): string {
  // Around 180 W; the range of the fake host is reached after half an hour and begins anew.
  const next = (Number(text) + (170 + random() * 20) * 1e6 * seconds) % 262_143_328_850;
  return `${Math.round(next)}\n`;
}

function wander(width: number): Move {
  return (text, _seconds, random) => {
    const next = Number(text) + (random() - 0.5) * width;
    return `${Math.max(1, Math.round(next))}\n`;
  };
}

function moveFirst(text: string, random: Random): string {
  return text.replace(/^\d+\.\d+/, (load) =>
    Math.max(0, Number(load) + (random() - 0.5) / 10).toFixed(2),
  );
}

/** Adds to the words of a line from the one at `first` on. */
function addTo(line: string, first: number, added: readonly number[]): string {
  let word = -1;
  return line.replace(/[^\s:]+/g, (text) => {
    word += 1;
    const more = added[word - first];
    return more === undefined || more === 0 ? text : String(Number(text) + more);
  });
}

function eachLine(text: string, change: (line: string) => string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? line : change(line)))
    .join("\n");
}

function listFiles(folder: string, path: readonly (string | RegExp)[]): readonly string[] {
  const [next, ...rest] = path;
  if (next === undefined) return [folder];
  try {
    return readdirOf(folder, next).flatMap((name) => listFiles(join(folder, name), rest));
  } catch {
    return [];
  }
}

function readdirOf(folder: string, wanted: string | RegExp): readonly string[] {
  if (typeof wanted === "string") {
    const [head = "", ...rest] = wanted.split("/");
    const found = readdirSync(folder).includes(head);
    return found ? [[head, ...rest].join("/")] : [];
  }
  return readdirSync(folder).filter((name) => wanted.test(name));
}

/** Mulberry32: good enough to wander by, and the same on every machine. */
function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
