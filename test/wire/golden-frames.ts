import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";

/**
 * Frames as released versions of the schema sent them: golden/vN/NAME.hex beside NAME.json, which
 * is the message that the bytes mean. The bytes of a released version never change.
 */
export interface GoldenFrame {
  readonly version: string;
  /** `agent-…` or `manager-…`: who said it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The file with the message, for `toMatchFileSnapshot`. */
  readonly messageFile: string;
}

const goldenFolder = join(import.meta.dirname, "golden");

export function readGoldenFrames(): readonly GoldenFrame[] {
  return readdirSync(goldenFolder).flatMap((version) =>
    readdirSync(join(goldenFolder, version))
      .filter((file) => file.endsWith(".hex"))
      .map((file) => {
        const path = join(goldenFolder, version, file);
        const hex = readFileSync(path, "utf8").replaceAll(/\s/g, "");
        return {
          version,
          name: file.slice(0, -".hex".length),
          bytes: Uint8Array.from(Buffer.from(hex, "hex")),
          messageFile: path.replace(/\.hex$/, ".json"),
        };
      }),
  );
}

/** Writes the frames of a version that has none yet; throws where there are some. */
export function keepFrames(version: string, frames: ReadonlyMap<string, Uint8Array>): void {
  const folder = join(goldenFolder, version);
  if (existsSync(folder)) throw new Error(`${folder} is there: what was released never changes`);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of frames) {
    const lines =
      Buffer.from(bytes)
        .toString("hex")
        .match(/.{1,64}/g) ?? [];
    writeFileSync(join(folder, `${name}.hex`), `${lines.join("\n")}\n`);
    writeFileSync(join(folder, `${name}.json`), describeFrame(name, bytes));
  }
}

/** What a frame decodes to, as text: bytes as hex, the rest as JSON. */
export function describeFrame(name: string, bytes: Uint8Array): string {
  const decoded = name.startsWith("agent-") ? decodeAgentFrame(bytes) : decodeManagerFrame(bytes);
  return `${JSON.stringify(decoded, bytesAsHex, 2)}\n`;
}

function bytesAsHex(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? `hex ${Buffer.from(value).toString("hex")}` : value;
}
