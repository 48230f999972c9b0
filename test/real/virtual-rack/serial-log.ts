import { existsSync, readFileSync } from "node:fs";

/** The serial line of a virtual server, kept over all of its starts. */
export interface SerialLog {
  text(): string;
  /** The last lines, for whoever has to find out what went wrong. */
  tail(): string;
  /** Waits until the line has this, counted from `fromIndex`; rejects with its tail after `msMax`. */
  wait(pattern: RegExp, msMax: number, fromIndex?: number): Promise<RegExpExecArray>;
}

const lookEveryMs = 200;
const tailCharacters = 3_000;

export function openSerialLog(file: string, complaints: () => string): SerialLog {
  const text = (): string => (existsSync(file) ? readFileSync(file, "latin1") : "");
  const tail = (): string => `${complaints()}${text().slice(-tailCharacters)}`;
  return {
    text,
    tail,
    wait: async (pattern, msMax, fromIndex = 0) => {
      const until = performance.now() + msMax;
      for (;;) {
        const found = pattern.exec(text().slice(fromIndex));
        if (found !== null) return found;
        if (performance.now() > until)
          throw new Error(`no ${String(pattern)} on the serial line in ${msMax} ms:\n${tail()}`);
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
    },
  };
}
