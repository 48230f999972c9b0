import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import { agentMessages, managerMessages } from "#test/support/arbitrary-messages.ts";
import { decodeAgentFrame, encodeAgentFrame } from "./agent-frames.ts";
import { decodeManagerFrame, encodeManagerFrame } from "./manager-frames.ts";

const runs = { seed: 20_261_107, numRuns: 200 };

describe("what an agent says arrives as it was said:", () => {
  test.each(Object.entries(agentMessages))("%s", (_, messages) => {
    fc.assert(
      fc.property(messages, (message) => {
        const decoded = decodeAgentFrame(encodeAgentFrame(message));
        expect(decoded).toEqual({ ok: true, value: message });
      }),
      runs,
    );
  });
});

describe("what a manager says arrives as it was said:", () => {
  test.each(Object.entries(managerMessages))("%s", (_, messages) => {
    fc.assert(
      fc.property(messages, (message) => {
        const decoded = decodeManagerFrame(encodeManagerFrame(message));
        expect(decoded).toEqual({ ok: true, value: message });
      }),
      runs,
    );
  });
});

test("a frame that was decoded encodes to the same bytes again", () => {
  fc.assert(
    fc.property(fc.oneof(...Object.values(agentMessages)), (message) => {
      const bytes = encodeAgentFrame(message);
      const decoded = decodeAgentFrame(bytes);
      if (!decoded.ok) throw new Error(decoded.problem.detail);
      expect(Buffer.from(encodeAgentFrame(decoded.value)).equals(bytes)).toBe(true);
    }),
    { ...runs, numRuns: 500 },
  );
});

test("any kind of byte array decodes the same", () => {
  fc.assert(
    fc.property(agentMessages.report, (message) => {
      const bytes = encodeAgentFrame(message);
      const padded = new Uint8Array(bytes.length + 9);
      padded.set(bytes, 5);
      const view = padded.subarray(5, 5 + bytes.length);
      expect(decodeAgentFrame(view)).toEqual(decodeAgentFrame(Buffer.from(bytes)));
    }),
    { ...runs, numRuns: 50 },
  );
});
