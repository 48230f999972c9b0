import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { parseSettings } from "./parse-settings.ts";

test("texts, numbers, booleans and comments are read, each with its line", () => {
  const text = [
    "# the agent of web-1",
    "",
    'manager = "fleet.example:7601"   # of the region',
    "log_level='debug'",
    "ring_bytes = 33_554_432",
    "simulated=true",
    'data = "/var/lib/a \\"b\\" \\u00e9 # no comment"',
  ].join("\r\n");
  expect(parseSettings(text)).toEqual({
    ok: true,
    value: [
      { key: "manager", value: "fleet.example:7601", line: 3 },
      { key: "log_level", value: "debug", line: 4 },
      { key: "ring_bytes", value: 33_554_432, line: 5 },
      { key: "simulated", value: true, line: 6 },
      { key: "data", value: '/var/lib/a "b" é # no comment', line: 7 },
    ],
  });
});

test.each([
  ["[agent]", "other tables than [drain], [hands] are not used here"],
  ["manager", "write `key = value`"],
  ['a.b = "c"', "write `key = value`"],
  ["manager = fleet.example", 'needs a "text"'],
  ['manager = "open', 'needs a "text"'],
  ['manager = "a" "b"', 'needs a "text"'],
  ['manager = "bad \\q escape"', 'needs a "text"'],
  ["ring_bytes = 1.5", 'needs a "text"'],
  ["ring_bytes = 007", 'needs a "text"'],
  ["ring_bytes = 99999999999999999999", 'needs a "text"'],
  ["simulated = yes", 'needs a "text"'],
  ['list = ["a" "b"]', 'needs a "text"'],
  ["list = [1]", 'needs a "text"'],
  ['list = ["a"', 'needs a "text"'],
  ['list = [,"a"]', 'needs a "text"'],
  ["[drain", "other tables than [drain], [hands] are not used here"],
  ["[[drain]]", "other tables than [drain], [hands] are not used here"],
  ['manager = "a\u0007b"', 'needs a "text"'],
  ["manager =", 'needs a "text"'],
])("%j is refused with its line", (line, message) => {
  const parsed = parseSettings(`# first\n${line}\n`);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.problem.line).toBe(2);
  expect(parsed.problem.message).toContain(message);
});

test("a key that stands twice is refused, naming the first line", () => {
  expect(parseSettings('a = "1"\nb = 2\na = "3"')).toEqual({
    ok: false,
    problem: { line: 3, message: "a stands on line 1 already" },
  });
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      parseSettings(text);
    }),
  );
});

test("every text survives being written as a TOML string", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (value) => {
      // JSON's escapes are a part of TOML's; DEL is the one that TOML wants escaped and JSON does not.
      const written = JSON.stringify(value).replaceAll("\u007f", "\\u007F").replaceAll("\\/", "/");
      expect(parseSettings(`a = ${written}`)).toEqual({
        ok: true,
        value: [{ key: "a", value, line: 1 }],
      });
    }),
  );
});

test("a table's keys carry its name, and a list is read in both kinds of quotes", () => {
  const text = [
    'manager = "m:1"',
    "[drain]  # what runs here",
    `systemd = ["photo-*.service", 'web-\\d.service', "a \\u00e9", ] # three`,
    "tenant_mounts = []",
  ].join("\n");
  expect(parseSettings(text)).toEqual({
    ok: true,
    value: [
      { key: "manager", value: "m:1", line: 1 },
      { key: "drain.systemd", value: ["photo-*.service", "web-\\d.service", "a é"], line: 3 },
      { key: "drain.tenant_mounts", value: [], line: 4 },
    ],
  });
  expect(parseSettings("[drain]\n[drain]")).toMatchObject({ ok: false, problem: { line: 2 } });
});
