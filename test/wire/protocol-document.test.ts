import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sampleReport } from "#test/support/sample-messages.ts";
import { agentFrameShape, managerFrameShape } from "#proto/codec/frame-shape.ts";
import { encodeSummary } from "#proto/codec/summaries.ts";
import { refusals } from "#proto/vocabulary/refusal.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/protocol.md"), "utf8");
const schema = readFileSync(join(import.meta.dirname, "../../proto/schema/agent.proto"), "utf8");

/** The first two cells of a table's rows whose first cell is one word of code. */
const rows = new Map(
  [...document.matchAll(/^\| `([\w-]+)` \| ([^|]+) \|/gm)].map(([, name = "", cell = ""]) => [
    name,
    cell.trim(),
  ]),
);

test("docs/protocol.md lists every limit with its value", () => {
  for (const [name, value] of Object.entries(wireLimits)) {
    expect([name, rows.get(name)]).toEqual([name, value.toLocaleString("en-US")]);
  }
});

test("docs/protocol.md lists every refusal with what to do", () => {
  for (const [code, hint] of Object.entries(refusals))
    expect([code, rows.get(code)]).toEqual([code, hint]);
});

test("docs/protocol.md names every message that a frame may hold", () => {
  const bodies = [...schema.matchAll(/^ {4}(\w+) (\w+) = \d+;$/gm)].filter(([, , field = ""]) =>
    [...Object.values(agentFrameShape), ...Object.values(managerFrameShape)].some(
      ({ name }) => name === field,
    ),
  );
  expect(bodies.length).toBe(14);
  for (const [, message = ""] of bodies) {
    expect([message, rows.get(message)]).toEqual([
      message,
      expect.stringMatching(/^(agent|manager)$/),
    ]);
  }
});

test("the worked column of docs/protocol.md has the bytes that the code gives", () => {
  const column = sampleReport.columns[1];
  if (!column) throw new Error("the sample report has two columns");
  const spaced = (bytes: Uint8Array) =>
    `\`${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}\``;
  expect(rows.get("values")).toBe(spaced(column.values));
  expect(rows.get("present")).toBe(spaced(column.present));
  expect(rows.get("summary")).toBe(spaced(encodeSummary(column.summary, column.values)));
});
