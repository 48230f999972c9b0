import { execFile } from "node:child_process";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { applySeed, type FirstBootPort } from "#agent/first-boot/apply-seed.ts";
import { parseSeed } from "#agent/first-boot/parse-seed.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { ProgramEffects } from "./program-effects.ts";

const fileBytesMax = 64 * 1024;
const programMsMax = 10_000;

/** `wws-agent first-boot DIR`: makes this system what the seed in that folder says. Needs root. */
export async function firstBoot(
  folder: string,
  root: string,
  effects: Pick<ProgramEffects, "tell">,
): Promise<ExitCode> {
  const seed = parseSeed({
    metaData: readShort(join(folder, "meta-data")) ?? "",
    userData: readShort(join(folder, "user-data")) ?? "{}",
    networkConfig: readShort(join(folder, "network-config")),
  });
  if (!seed.ok) {
    effects.tell(`the seed in ${folder} is not taken: ${seed.problem}`);
    return exitCodes.failed;
  }
  await applySeed(seed.value, openPort(root, effects.tell));
  effects.tell(`this system is ${seed.value.hostName}`);
  return exitCodes.ok;
}

function openPort(root: string, tell: (text: string) => void): FirstBootPort {
  return {
    tell,
    read: (path) => readShort(join(root, path)),
    write: (path, text, mode) => writeWhole(join(root, path), text, mode),
    cards: () => {
      const home = join(root, "sys/class/net");
      return readdirSync(home).map((name) => ({
        name,
        mac:
          readShort(join(home, name, "address"))
            ?.trim()
            .toLowerCase() ?? null,
      }));
    },
    run: async (program, args) => {
      await promisify(execFile)(program, [...args], { timeout: programMsMax });
    },
  };
}

function readShort(path: string): string | null {
  try {
    return readFileSync(path, "utf8").slice(0, fileBytesMax + 1);
  } catch {
    return null;
  }
}

function writeWhole(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.new`;
  const file = openSync(unfinished, "w", mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // A file that lay there half written keeps the rights it was made with.
  chmodSync(unfinished, mode);
  renameSync(unfinished, path);
}
