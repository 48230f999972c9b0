import { expect, test } from "vitest";
import { parseDemoOptions } from "./demo-options.ts";

test("without options there are 480 hosts at the recordings' own pace", () => {
  expect(parseDemoOptions([])).toEqual({ ok: true, value: { hosts: 480, speed: 1 } });
});

test("hosts and speed are read", () => {
  expect(parseDemoOptions(["--hosts", "24", "--speed", "2.5"])).toEqual({
    ok: true,
    value: { hosts: 24, speed: 2.5 },
  });
});

test.each([
  [["--hosts", "0"], "--hosts"],
  [["--hosts", "many"], "--hosts"],
  [["--hosts=1e3"], "--hosts"],
  [["--speed", "-1"], "--speed"],
  [["--speed", "0"], "--speed"],
  [["--fast"], "--fast"],
  [["12"], "12"],
])("%j is refused, naming what is wrong", (args, named) => {
  const parsed = parseDemoOptions(args);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) expect(parsed.problem).toContain(named);
});
