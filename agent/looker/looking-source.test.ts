import { expect, test } from "vitest";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { fc } from "#test/support/properties.ts";
import type { LookerClient, LookerProblem } from "./looker-client.ts";
import { createLookingSource } from "./looking-source.ts";
import type { Question } from "./question.ts";

const serial = "/sys/class/dmi/id/product_serial";
const energy = "/sys/class/powercap/intel-rapl:0/energy_uj";

/** A looker that answers as the test says, and remembers what it was asked. */
function fakeLooker(answer: (question: Question) => Result<unknown, LookerProblem>) {
  const asked: Question[] = [];
  const client: LookerClient = {
    ask: async (question) => {
      asked.push(question);
      return answer(question);
    },
  };
  return { client, asked };
}

const nobody = fail<LookerProblem>({ kind: "absent", detail: "ENOENT" });

function deniedMachine(): MemorySource {
  const live = createMemorySource({ [serial]: "", "/proc/stat": "cpu 1\n", [energy]: "1\n" });
  live.putProblem(serial, "denied", "EACCES");
  live.putProblem(energy, "denied", "EACCES");
  return live;
}

test("what its own rights reach is never asked for", async () => {
  const { client, asked } = fakeLooker(() => nobody);
  const source = createLookingSource(createMemorySource({ [serial]: "S1\n" }), client);
  await source.prepare();
  expect(source.readText(serial)).toEqual(ok("S1\n"));
  expect(source.readText("/proc/gone")).toMatchObject({ ok: false, problem: { kind: "missing" } });
  expect(asked).toEqual([]);
});

test("after prepare, what was denied is there at the first look", async () => {
  const { client, asked } = fakeLooker((question) =>
    question.kind === "read" ? ok("S2\n") : ok(null),
  );
  const source = createLookingSource(deniedMachine(), client);
  await source.prepare();
  expect(asked).toEqual([
    { kind: "read", path: serial },
    { kind: "open-energy", path: energy },
  ]);
  expect(source.readText(serial)).toEqual(ok("S2\n"));
});

test("what a dying kernel left is found, where systemd moved it too", async () => {
  const moved = "/var/lib/systemd/pstore/1795433028/dmesg.txt";
  const live = createMemorySource({ [moved]: "" });
  live.putProblem(moved, "denied", "EACCES");
  live.putProblem("/sys/fs/pstore", "denied", "EACCES");
  const record = "/sys/fs/pstore/dmesg-efi-1";
  live.putProblem(record, "denied", "EACCES");
  const { client } = fakeLooker((question) =>
    question.kind === "list" ? ok(["dmesg-efi-1"]) : ok("Kernel panic"),
  );
  const source = createLookingSource(live, client);
  await source.prepare();
  expect(source.listDirectory("/sys/fs/pstore")).toEqual(ok(["dmesg-efi-1"]));
  expect([source.readText(record), source.readText(moved)]).toEqual([
    ok("Kernel panic"),
    ok("Kernel panic"),
  ]);
});

test("a denied path that nobody knew before is there at the next look", async () => {
  const path = "/sys/fs/pstore/dmesg-efi-1";
  const live = createMemorySource({ [path]: "" });
  live.putProblem(path, "denied", "EACCES");
  const { client } = fakeLooker(() => ok("Oops"));
  const source = createLookingSource(live, client);
  expect(source.readText(path)).toMatchObject({ ok: false, problem: { kind: "denied" } });
  await Promise.resolve();
  await Promise.resolve();
  expect(source.readText(path)).toEqual(ok("Oops"));
});

test("an energy counter is asked to be opened, and stays a file of our own", () => {
  const { client, asked } = fakeLooker(() => ok(null));
  const source = createLookingSource(deniedMachine(), client);
  expect(source.openCounterFile(energy)).toMatchObject({ ok: false });
  expect(asked).toEqual([{ kind: "open-energy", path: energy }]);
});

test("what the looker would refuse is not even asked", () => {
  const live = createMemorySource({ "/etc/shadow": "" });
  live.putProblem("/etc/shadow", "denied", "EACCES");
  const { client, asked } = fakeLooker(() => ok("root"));
  expect(createLookingSource(live, client).readText("/etc/shadow").ok).toBe(false);
  expect(asked).toEqual([]);
});

test("tools that need root go to the looker, the others run here", async () => {
  const live = createMemorySource();
  live.putTool(["lsblk", "-J"], { stdout: "{}" });
  const { client, asked } = fakeLooker(() => ok({ exitCode: 2, stdout: "o", stderr: "e" }));
  const source = createLookingSource(live, client);
  const request = { tool: "smartctl", args: ["--scan-open"], timeoutMs: 5 } as const;
  expect(await source.runTool(request)).toEqual(ok({ exitCode: 2, stdout: "o", stderr: "e" }));
  expect(asked).toEqual([{ kind: "run", ...request }]);
  expect(await source.runTool({ tool: "lsblk", args: ["-J"], timeoutMs: 5 })).toMatchObject({
    ok: true,
  });
  expect(live.calls).toEqual(["lsblk -J"]);
});

test("without a looker what needs root is denied, and says what to do", async () => {
  const { client } = fakeLooker(() => nobody);
  const source = createLookingSource(deniedMachine(), client);
  await source.prepare();
  expect(source.readText(serial)).toEqual(fail({ kind: "denied", path: serial, errno: "EACCES" }));
  expect(await source.runTool({ tool: "ipmitool", args: ["mc", "info"], timeoutMs: 5 })).toEqual(
    fail({
      kind: "denied",
      tool: "ipmitool",
      detail: "ipmitool needs root: systemctl start wws-looker.socket, or run the agent as root",
    }),
  );
});

test("without a looker systeminformation and a GPU's tool tell what they can", async () => {
  const live = createMemorySource();
  live.putInformation("osInfo", { distro: "x" });
  live.putTool(["nvidia-smi", "-L"], { stdout: "GPU 0" });
  const source = createLookingSource(live, fakeLooker(() => nobody).client);
  expect(await source.askSystemInformation("osInfo")).toEqual(ok({ distro: "x" }));
  expect((await source.runTool({ tool: "nvidia-smi", args: ["-L"], timeoutMs: 5 })).ok).toBe(true);
});

test("what the kernel or the tool told the looker is told on", async () => {
  const { client } = fakeLooker((question) =>
    question.kind === "run"
      ? fail({
          kind: "told",
          problem: { kind: "missing", tool: "nvme", detail: "nvme is not in x" },
        })
      : fail({ kind: "told", problem: { kind: "failed", path: serial, errno: "EIO" } }),
  );
  const source = createLookingSource(deniedMachine(), client);
  await source.prepare();
  expect(source.readText(serial)).toEqual(fail({ kind: "failed", path: serial, errno: "EIO" }));
  expect(await source.runTool({ tool: "nvme", args: ["list"], timeoutMs: 5 })).toEqual(
    fail({ kind: "missing", tool: "nvme", detail: "nvme is not in x" }),
  );
});

test("a looker that lies breaks nothing: every answer is one that the port knows", async () => {
  const answer = fc.oneof(
    fc.jsonValue().map((value) => ok<unknown>(value)),
    fc
      .dictionary(fc.constantFrom("kind", "errno", "detail", "path"), fc.jsonValue())
      .map((problem) => fail<LookerProblem>({ kind: "told", problem })),
  );
  await fc.assert(
    fc.asyncProperty(answer, async (said) => {
      const source = createLookingSource(deniedMachine(), fakeLooker(() => said).client);
      await source.prepare();
      const read = source.readText(serial);
      if (read.ok) expect(typeof read.value).toBe("string");
      else expect(["missing", "denied", "failed", "too-large"]).toContain(read.problem.kind);
      const ran = await source.runTool({ tool: "nvme", args: ["list"], timeoutMs: 5 });
      if (ran.ok) expect(typeof ran.value.stdout).toBe("string");
      else expect(typeof ran.problem.detail).toBe("string");
    }),
  );
});
