import { describe, expect, test } from "vitest";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";
import { agentFrameShape, managerFrameShape } from "#proto/codec/frame-shape.ts";
import { protocolVersion } from "#proto/vocabulary/wire-limits.ts";
import { describeFrame, keepFrames, readGoldenFrames } from "./golden-frames.ts";
import { asOfTomorrow, sampleFrames } from "./sample-frames.ts";

const golden = readGoldenFrames();
const titled = golden.map((frame) => [`${frame.version}/${frame.name}`, frame] as const);

describe("bytes of every released version still mean the same:", () => {
  test.each(titled)("%s", async (_, { name, bytes, messageFile }) => {
    await expect(describeFrame(name, bytes)).toMatchFileSnapshot(messageFile);
  });
});

describe("bytes of a newer release mean the same where we know them:", () => {
  test.each(titled)("%s", (_, { name, bytes }) => {
    expect(describeFrame(name, asOfTomorrow(bytes))).toBe(describeFrame(name, bytes));
  });
});

test("every kept frame is a message, not a problem", () => {
  for (const { name, bytes } of golden) {
    const decoded = name.startsWith("agent-") ? decodeAgentFrame(bytes) : decodeManagerFrame(bytes);
    expect([name, decoded.ok]).toEqual([name, true]);
  }
});

test("every message of the schema was kept for every version that is still spoken", () => {
  for (let version = protocolVersion.oldest; version <= protocolVersion.current; version += 1) {
    const names = golden
      .filter((frame) => frame.version === `v${version}`)
      .map(({ name }) => name.replace(/-[0-9]+$/, ""));
    const agent = Object.values(agentFrameShape).map(({ name }) => `agent-${name}`);
    const manager = Object.values(managerFrameShape).map(({ name }) => `manager-${name}`);
    const expected = [...agent, ...manager].map((name) => name.replace("_", "-"));
    expect([...new Set(names)].toSorted()).toEqual(expected.toSorted());
  }
});

test("this release still sends the bytes of its version", () => {
  const current = golden.filter(({ version }) => version === `v${protocolVersion.current}`);
  const sent = [...sampleFrames()].map(([name, bytes]) => [
    name,
    Buffer.from(bytes).toString("hex"),
  ]);
  const kept = current.map(({ name, bytes }) => [name, Buffer.from(bytes).toString("hex")]);
  expect(sent.toSorted()).toEqual(kept.toSorted());
});

test("what was released cannot be kept again over itself", () => {
  expect(() => keepFrames("v1", sampleFrames())).toThrow("never changes");
});
