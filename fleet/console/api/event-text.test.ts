import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { createEventTextReader } from "./event-text.ts";

const stream =
  'retry: 2000\n\nid: r-0\nevent: hello\ndata: {"kind":"hello"}\n\n: still here\n\n' +
  'id: r-1\nevent: host-telemetry\ndata: {"kind":"host-telemetry","hostId":"h1","untilMs":5}\n\n' +
  'id: r-2\nevent: link-changed\ndata: {"kind":"link-changed","hostId":"h2","state":"lost"}\n\n';

test("comments and retry are passed over, events come with their ids", () => {
  expect(createEventTextReader().push(stream)).toEqual([
    { id: "r-0", event: { kind: "hello" } },
    { id: "r-1", event: { kind: "host-telemetry", hostId: "h1" } },
    { id: "r-2", event: { kind: "link-changed", hostId: "h2" } },
  ]);
});

test("wherever the wire cuts the text, the messages are the same", () => {
  const whole = createEventTextReader().push(stream);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: stream.length })), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const reader = createEventTextReader();
      const parts = at.slice(1).flatMap((end, index) => reader.push(stream.slice(at[index], end)));
      expect(parts).toEqual(whole);
    }),
  );
});

test("a plan that changed is named", () => {
  const text = 'id: r-3\ndata: {"kind":"plan-changed","planId":"p1"}\n\n';
  expect(createEventTextReader().push(text)).toEqual([
    { id: "r-3", event: { kind: "plan-changed", planId: "p1" } },
  ]);
});

test.each([
  "{",
  "[]",
  "null",
  '{"kind":"toString","hostId":"h"}',
  '{"kind":"host-state"}',
  '{"kind":"plan-changed"}',
  '"x"',
])("an event that cannot be read (%s) keeps its id and is passed over", (data) => {
  expect(createEventTextReader().push(`id: r-9\ndata: ${data}\n\n`)).toEqual([
    { id: "r-9", event: null },
  ]);
});
