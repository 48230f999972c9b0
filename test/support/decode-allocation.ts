/**
 * Run as a program with --expose-gc and a young generation so large that nothing is collected while
 * it measures: reads base64 frames, one a line, from its input and prints for each how many bytes
 * decodeAgentFrame took from the heap.
 */
import { readFileSync } from "node:fs";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";

const frames = readFileSync(0, "utf8").split("\n").filter(Boolean);
const { gc } = globalThis;
if (gc === undefined) throw new Error("run this with --expose-gc");
// The first decoding also compiles.
for (const frame of frames) decodeAgentFrame(Buffer.from(frame, "base64"));
const taken = frames.map((frame) => {
  const bytes = Buffer.from(frame, "base64");
  gc();
  const before = usedBytes();
  decodeAgentFrame(bytes);
  return usedBytes() - before;
});
process.stdout.write(JSON.stringify(taken));

function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
