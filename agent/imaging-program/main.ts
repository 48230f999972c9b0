import {
  closeSync,
  createReadStream,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import { createSystemClock, systemRandom } from "#agent/program/system-effects.ts";
import { agentRelease } from "#agent/release.ts";
import { parseBootWords } from "#proto/vocabulary/boot-words.ts";
import { openOrderDoor } from "./open-order-door.ts";
import { type MachineFiles, readMachine } from "./read-machine.ts";
import { noWork, refuseEveryOrder } from "./refuse-orders.ts";
import { runImaging } from "./run-imaging.ts";
import { type ConsolePort, showOnConsoles } from "./show-on-consoles.ts";

/** The program of the imaging OS; its init keeps it running. */
const fileCharactersMax = 4_096;

const files: MachineFiles = {
  read(path) {
    try {
      return readFileSync(path, "utf8").slice(0, fileCharactersMax);
    } catch {
      return null;
    }
  },
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
};

/** Every console that the kernel was told of, else the one that it took. */
function openConsoles(): readonly ConsolePort[] {
  const active = files.read("/sys/class/tty/console/active")?.trim().split(/\s+/) ?? [];
  const names = active.filter((name) => /^[A-Za-z0-9]{1,16}$/.test(name));
  return (names.length === 0 ? ["console"] : names).map((name) => ({
    isScreen: /^tty[0-9]+$/.test(name),
    write(text) {
      try {
        const file = openSync(`/dev/${name}`, "w");
        try {
          writeSync(file, text);
        } finally {
          closeSync(file);
        }
      } catch {
        // A console without a machine behind it: the others show the same.
      }
    },
  }));
}

const clock = createSystemClock();
const words = parseBootWords(files.read("/proc/cmdline") ?? "");
const typed = createInterface({ input: createReadStream("/dev/console") });
typed.on("error", () => {});
const end = new AbortController();
process.on("SIGTERM", () => end.abort(new Error("stopped")));

await runImaging({
  clock,
  random: systemRandom,
  release: agentRelease,
  bootId: files.read("/proc/sys/kernel/random/boot_id")?.trim() ?? "unknown",
  words,
  readMachine: () => readMachine(files),
  readAddresses: () =>
    Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
      addresses
        .filter(({ internal, family }) => !internal && family === "IPv4")
        .map(({ address }) => `${name} ${address}`),
    ),
  screen: showOnConsoles(openConsoles(), () => clock.nowMonotonicMs() / 1_000),
  door: words.url === null ? null : openOrderDoor(words.url, clock),
  check: refuseEveryOrder,
  work: noWork,
  onStopByHand(callback) {
    typed.on("line", (line) => {
      if (line.trim().toLowerCase() === "stop") callback();
    });
  },
  signal: end.signal,
});
process.exit(0);
