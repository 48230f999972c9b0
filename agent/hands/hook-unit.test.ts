import { expect, test } from "vitest";
import type { ProgramEnd, ProgramRequest } from "#agent/commands/run-program.ts";
import { runHooksAsUnits } from "./hook-unit.ts";

const request: ProgramRequest = {
  program: "/etc/wws-agent/drain.d/vm",
  args: ["evacuate"],
  input: "{}\n",
  timeoutMs: 40_000,
  outputBytesMax: 1_024,
  env: { PATH: "/usr/bin" },
  signal: null,
};

function runner(end: ProgramEnd) {
  const asked: ProgramRequest[] = [];
  const run = runHooksAsUnits("wws-hands@1-2-3.service", 42, async (one) => {
    asked.push(one);
    return end;
  });
  return { asked, run };
}

test("a hook runs in a unit of its own that ends with who began it", async () => {
  const end: ProgramEnd = { kind: "exited", code: 3, out: "", err: "no such guest" };
  const { asked, run } = runner(end);
  expect(await run(request)).toEqual(end);
  await run(request);
  expect(asked.map(({ args }) => args.find((word) => word.startsWith("--unit=")))).toEqual([
    "--unit=wws-hook-42-1.service",
    "--unit=wws-hook-42-2.service",
  ]);
  const [first] = asked;
  expect(first).toMatchObject({
    program: "/usr/bin/systemd-run",
    input: "{}\n",
    timeoutMs: 40_000,
  });
  expect(first?.args).toEqual(
    expect.arrayContaining([
      "--property=BindsTo=wws-hands@1-2-3.service",
      "--property=RuntimeMaxSec=45s",
      "--setenv=PATH=/usr/bin",
    ]),
  );
  expect(first?.args.slice(-3)).toEqual(["--", "/etc/wws-agent/drain.d/vm", "evacuate"]);
});

test("one that is late or called off is killed with all that it began", async () => {
  const { asked, run } = runner({ kind: "failed", words: "was called off" });
  const signal = AbortSignal.abort();
  expect(await run({ ...request, signal })).toEqual({ kind: "failed", words: "was called off" });
  expect(asked[1]).toMatchObject({ program: "/usr/bin/systemctl", signal: null, input: "" });
  expect(asked[1]?.args.slice(-3)).toEqual(["--signal=SIGKILL", "--", "wws-hook-42-1.service"]);
});
