import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { agentRelease } from "#agent/release.ts";
import { parseCommandLine, usage } from "./command-line.ts";
import { UsageError } from "./usage-error.ts";

const messageOf = (line: string): string => {
  try {
    parseCommandLine(line.split(" ").filter((word) => word !== ""));
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error(`${line} was taken`);
};

test("each command of the usage is known, with its flags", () => {
  const parse = (line: string) => parseCommandLine(line.split(" "));
  expect(parse("run --data /d")).toMatchObject({
    verb: "run",
    common: { settings: { data: "/d" } },
  });
  expect(parse("enroll --manager m:1 --token T --new")).toMatchObject({
    verb: "enroll",
    token: "T",
    asNew: true,
    common: { settings: { manager: "m:1" } },
  });
  expect(parse("status --json")).toMatchObject({ verb: "status", json: true });
  expect(parse("inspect")).toMatchObject({ verb: "inspect", json: false });
  expect(parse("record DIR --frames 5 --interval 2")).toMatchObject({
    verb: "record",
    folder: "DIR",
    frames: 5,
    intervalMs: 2_000,
  });
  expect(parse("replay DIR --json")).toMatchObject({ verb: "replay", folder: "DIR", json: true });
  expect(parse("run --help")).toEqual({ verb: "help" });
  expect(parse("--version")).toEqual({ verb: "version" });
  for (const verb of ["run", "enroll", "status", "inspect", "record", "replay"]) {
    expect(usage).toContain(`wws-agent ${verb}`);
  }
});

test.each([
  ["", /no command given/],
  ["fly", /there is no command fly/],
  ["run --token", /token/],
  ["run --nonsense", /nonsense/],
  ["inspect --token T", /wws-agent inspect takes no --token/],
  ["status now", /takes no now/],
  ["record", /write wws-agent record DIR/],
  ["record A B", /write wws-agent record DIR/],
  ["record A --frames 0", /--frames is a whole number from 1/],
  ["record A --interval fast", /--interval is a whole number from 1/],
])("`wws-agent %s` is refused in words", (line, message) => {
  expect(messageOf(line)).toMatch(message);
});

test("the release is that of package.json", () => {
  const file = new URL("../../package.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8")).version).toBe(agentRelease);
});
