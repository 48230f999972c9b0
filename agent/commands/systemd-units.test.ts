import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { parseUnits } from "./parse-units.ts";
import type { ProgramEnd } from "./run-program.ts";
import { createSystemdUnits } from "./systemd-units.ts";

// As systemd 252 answers `systemctl show --property=…`: its own order, an empty line between two.
const shown = `MainPID=4711
Result=success
Id=photo-store.service
LoadState=loaded
ActiveState=active
SubState=running

MainPID=0
Result=exit-code
Id=photo-web.service
LoadState=loaded
ActiveState=failed
SubState=failed

MainPID=812
Result=success
Id=photo-queue.service
LoadState=loaded
ActiveState=deactivating
SubState=stop-sigterm
`;
const files = `photo-store.service enabled enabled
photo-web.service   disabled enabled
photo-batch.service static   -
photo-job@.service  static   -
`;

let folder = "";
let asked: string[] = [];
let answers: Record<string, ProgramEnd> = {};
let processes: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-units-"));
  asked = [];
  answers = {};
  processes = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const exited = (out: string, code = 0, err = ""): ProgramEnd => ({
  kind: "exited",
  code,
  out,
  err,
});

function units() {
  return createSystemdUnits({
    patterns: ["photo-*.service"],
    unitFolder: folder,
    hasProcesses: (group) => processes.includes(group),
    systemctl: async (args) => {
      const [verb = ""] = args;
      asked.push(args.join(" "));
      const usual: Record<string, string> = { show: shown, "list-unit-files": files };
      return answers[verb] ?? exited(usual[verb] ?? "");
    },
  });
}
const barred = (): string[] => readdirSync(folder).toSorted();
const name = { operationId: "01930000-0000-7000-8000-00000000000a" as OperationId, epoch: 7 };
const ask = { ...name, deadlineMs: unixMs(1), graceMs: 1, isHard: false };
const signal = new AbortController().signal;

test("units are told with what systemd says of them; what is over is stopped", async () => {
  expect(await units().list()).toEqual({
    workloads: [
      { name: "photo-store.service", state: "running", detail: "active (running), pid 4711" },
      { name: "photo-web.service", state: "stopped", detail: "failed (failed), exit-code" },
      {
        name: "photo-queue.service",
        state: "stopping",
        detail: "deactivating (stop-sigterm), pid 812",
      },
    ],
    problem: null,
  });
});

test("the fence bars what does not run; what runs may restart until it is stopped", async () => {
  expect(await units().fence(name)).toEqual([]);
  expect(barred()).toEqual(["photo-batch.service.d", "photo-web.service.d"]);
  const text = readFileSync(join(folder, "photo-web.service.d/90-wws-fence.conf"), "utf8");
  expect(text).toContain("AssertPathExists=/this-host-is-fenced-by-wws-fleet");
  expect(asked.at(-1)).toBe("daemon-reload");
  expect(await units().evacuate({ ...ask, workloads: ["photo-store.service"] }, signal)).toEqual(
    [],
  );
  // An instance that nobody knew is barred by its template, once what runs is stopped.
  expect(barred()).toEqual([
    "photo-batch.service.d",
    "photo-job@.service.d",
    "photo-store.service.d",
    "photo-web.service.d",
  ]);
  expect(asked.slice(-2)).toEqual(["daemon-reload", "stop --no-block -- photo-store.service"]);
});

test("forced, a unit is killed and stopped, and cannot come back", async () => {
  await units().evacuate({ ...ask, isHard: true, workloads: ["photo-store.service"] }, signal);
  expect(barred()).toEqual(["photo-job@.service.d", "photo-store.service.d"]);
  expect(asked.slice(1)).toEqual([
    "daemon-reload",
    "kill --signal=SIGKILL -- photo-store.service",
    "stop --no-block -- photo-store.service",
  ]);
});

test("a socket is started before its service, beside which it would refuse to", async () => {
  const restart = ["photo-store.service", "photo-store.socket", "photo-web.service"];
  expect(await units().release({ ...name, restart })).toEqual([]);
  expect(asked.at(-1)).toBe(
    "start --no-block -- photo-store.socket photo-store.service photo-web.service",
  );
});

test("what systemd no longer knows is not asked to start: nothing would ever come of it", async () => {
  const gone = "Id=session-c1.scope\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n";
  answers = { show: exited(`${shown}\n${gone}`) };
  const restart = ["session-c1.scope", "photo-store.service"];
  expect(await units().release({ ...name, restart })).toEqual([]);
  expect(asked.at(-1)).toBe("start --no-block -- photo-store.service");
  expect(await units().release({ ...name, restart: ["session-c1.scope"] })).toEqual([]);
  expect(asked.at(-1)).toMatch(/^show .* -- session-c1\.scope$/);
  answers = { show: { kind: "failed", words: "took too long" } };
  expect(await units().release({ ...name, restart })).toEqual(["systemctl show took too long"]);
});

test("released, every bar goes, another's settings stay, and what ran is started", async () => {
  await units().fence(name);
  mkdirSync(join(folder, "photo-web.service.d"), { recursive: true });
  writeFileSync(join(folder, "photo-web.service.d/own.conf"), "[Service]\n");
  expect(await units().release({ ...name, restart: ["photo-store.service"] })).toEqual([]);
  expect(barred()).toEqual(["photo-web.service.d"]);
  expect(readdirSync(join(folder, "photo-web.service.d"))).toEqual(["own.conf"]);
  const start = "start --no-block -- photo-store.service";
  expect(asked.slice(-3)).toEqual(["daemon-reload", expect.stringMatching(/^show /), start]);
});

test("systemctl that fails, hangs or is not there proves nothing", async () => {
  answers = { show: exited("", 1, "Failed to connect to bus: No such file or directory\n") };
  expect((await units().list()).problem).toBe(
    "systemctl show ended with 1: Failed to connect to bus: No such file or directory",
  );
  answers = { show: { kind: "failed", words: "could not be started (ENOENT)" } };
  expect((await units().list()).problem).toBe("systemctl show could not be started (ENOENT)");
  expect(await units().fence(name)).toEqual(["systemctl show could not be started (ENOENT)"]);
});

test("a unit that is over and left processes in its control group is not gone", async () => {
  const left = shown.replace(
    "Result=exit-code",
    "ControlGroup=/system.slice/photo-web.service\nResult=success",
  );
  answers = { show: exited(left) };
  processes = ["/system.slice/photo-web.service"];
  expect((await units().list()).workloads[1]).toEqual({
    name: "photo-web.service",
    state: "stuck",
    detail: "failed (failed); processes are left in its control group",
  });
  // The fence leaves it to the evacuation, as all that is there.
  expect(await units().fence(name)).toEqual([]);
  expect(barred()).toEqual(["photo-batch.service.d"]);
  processes = [];
  expect((await units().list()).workloads[1]?.state).toBe("stopped");
});

test("an evacuation that cannot tell which templates there are stops nothing", async () => {
  answers = { "list-unit-files": { kind: "failed", words: "gave no answer within 10 s" } };
  const problems = await units().evacuate({ ...ask, workloads: ["photo-store.service"] }, signal);
  expect(problems).toEqual(["systemctl list-unit-files gave no answer within 10 s"]);
  expect(asked.map((line) => line.split(" ")[0])).toEqual(["list-unit-files"]);
});

test("where no file fits the pattern, there is nothing to bar", async () => {
  answers = { show: exited(""), "list-unit-files": exited("", 1) };
  expect(await units().fence(name)).toEqual([]);
  expect(barred()).toEqual([]);
});

test("units never throw, whatever systemctl prints, and a name is never a path or an option", () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom("Id=a.service", "Id=../../x.service", "Id=-f.service", "ActiveState=", "", "="),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      for (const { id } of parseUnits(lines.join("\n")).units) {
        expect(id).toMatch(/^[^-/][^/]*$/);
        expect(id).not.toContain("..");
      }
    }),
  );
});
