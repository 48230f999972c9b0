import { readFileSync } from "node:fs";
import { codeOf, writeWhole } from "#agent/journal/write-whole.ts";
import { type HostId, parseUuid } from "#proto/vocabulary/ids.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import type { Whose } from "./question.ts";

/** What the helper itself remembers: it believes no asker what was ordered before. */
export interface HandsState extends Whose {
  readonly format: 1;
  /** Highest of any order that was taken. */
  readonly epoch: number;
  readonly isFenced: boolean;
  /** What evacuations since the last release stopped, by the adapters' names: only these it starts. */
  readonly stopped: readonly string[];
}

export interface HandsStateFile {
  readonly path: string;
  /** null: nothing was ordered yet. Throws where it is there and cannot be understood. */
  read(): HandsState | null;
  /** On disk when this returns. Throws the system's error. */
  write(state: HandsState): void;
}

export function openHandsStateFile(path: string): HandsStateFile {
  return {
    path,
    read() {
      let text: string;
      try {
        text = readFileSync(path, "utf8");
      } catch (cause) {
        if (codeOf(cause) === "ENOENT") return null;
        throw new Error(`${path} cannot be read (${codeOf(cause)})`, { cause });
      }
      const state = parse(text);
      if (state !== null) return state;
      throw new Error(
        `${path} is damaged: move it away once you know what this host was ordered and which units are stopped`,
      );
    },
    write: (state) => writeWhole(path, `${JSON.stringify(state, null, 1)}\n`),
  };
}

function parse(text: string): HandsState | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || value["format"] !== 1) return null;
  const { hostId, generation, epoch, isFenced, stopped } = value;
  const host = parseUuid<HostId>(String(hostId));
  const isWhole =
    host.ok &&
    Number.isSafeInteger(generation) &&
    Number.isSafeInteger(epoch) &&
    typeof isFenced === "boolean" &&
    Array.isArray(stopped) &&
    stopped.every((name) => typeof name === "string");
  if (!isWhole) return null;
  return {
    format: 1,
    hostId: host.value,
    generation: Number(generation),
    epoch: Number(epoch),
    isFenced,
    stopped: stopped as readonly string[],
  };
}
