import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBench, until } from "#test/support/programs.ts";
import {
  armFailPoints,
  type DrainWorld,
  hostName,
  readShared,
  startDrainWorld,
} from "./drain-world.ts";
import { guestHook } from "./tenant-units.ts";

/**
 * Drains of the packaged agent, over real units in a booted Debian. Whether a workload is silent is
 * read from its file out here, never asked of the agent. The tests are the life of one host, in order.
 */
const bench = createBench("all");
const older = "0.1.0~test1";
const newer = "0.1.0~test2";
const web = ["tenant-web@1.service", "tenant-web@2.service"];
const minutes = 60_000;

let world: DrainWorld;
beforeAll(async () => {
  world = await startDrainWorld(bench, [older, newer]);
  await must("enable", "--now", ...web);
});
afterAll(async () => world?.container.stop());

const systemctl = (...args: string[]) => world.container.run(["systemctl", ...args]);
const must = (...args: string[]) => world.container.must(["systemctl", ...args]);
const drain = (...more: string[]) =>
  world.fleet(
    ...["host", "drain", hostName, "--reason", "fan 3 is loud", "--wait"],
    ...(more.includes("--timeout") ? more : ["--timeout", "70s", ...more]),
  );
const goBack = async () => {
  const end = await world.done("host", "return", hostName, "--reason", "fan changed", "--wait");
  expect(end.stdout).toBe(`Return ${hostName}: done\n`);
};

async function expectDrained(...more: string[]): Promise<void> {
  const { code, stdout, stderr } = await drain(...more);
  const said = code === 0 ? "" : `${stderr}\n${await explained()}\n${await journal()}`;
  expect([code, stdout], said).toEqual([0, `Drain ${hostName}: done\n`]);
  expect((await world.host()).lifecycle).toBe("drained");
}

const explained = async () => (await world.fleet("host", "explain", hostName)).stdout;

/** What the units are, and what agent and helper said. */
async function journal(): Promise<string> {
  const show = ["show", "--all", "--property=Id,ActiveState,SubState,ControlGroup,Result"];
  const { stdout } = await systemctl(...show, "tenant-*");
  const units = ["-u", "wws-agent.service", "-u", "wws-hands@*"];
  return (
    stdout + (await world.container.must(["journalctl", "-b", "--no-pager", "-n40", ...units]))
  );
}

async function newestOperation() {
  const [operation] = (await world.manager().client.operations({ host: hostName, limit: 1 })).items;
  if (operation === undefined) throw new Error("nothing was done to this host");
  return operation;
}

/** One question to the acting helper, asked inside by a program of `asUser`. */
async function ask(question: object, asUser = "wws-agent"): Promise<Record<string, unknown>> {
  const program = `
    const socket = require("node:net").connect("/run/wws-agent/hands.sock");
    let bytes = Buffer.alloc(0);
    socket.on("error", (error) => console.log(JSON.stringify({ error: error.code })));
    socket.on("data", (piece) => { bytes = Buffer.concat([bytes, piece]); });
    socket.on("end", () => {
      if (bytes.length > 4) console.log(bytes.subarray(4).toString("utf8"));
      else console.log(JSON.stringify({ error: "closed" }));
      socket.destroy();
    });
    socket.on("connect", () => {
      const body = Buffer.from(process.argv[1]);
      const head = Buffer.alloc(4);
      head.writeUInt32BE(body.length);
      socket.write(Buffer.concat([head, body]));
    });`;
  const user = ["setpriv", `--reuid=${asUser}`, "--regid=wws-agent", "--clear-groups"];
  const text = await world.container.must([
    ...user,
    ...["/usr/lib/wws-agent/node", "-e", program, JSON.stringify(question)],
  ]);
  return JSON.parse(text.split("\n", 1)[0] ?? "") as Record<string, unknown>;
}

test("units of every kind stop, are barred against whoever starts them, and come back", {
  timeout: 4 * minutes,
}, async () => {
  await must("enable", "--now", "tenant-slow.service", "tenant-tick.timer");
  await must("enable", "--now", "other-cron.timer");
  const all = [...web, "tenant-slow.service", "tenant-tick.service"];
  await world.awaitBeating(...all);

  await expectDrained();
  expect(await world.areSilent(...all)).toBe(true);
  // What a tenant's cron starts is refused, and so is an instance that nobody knew.
  const said = readShared(world, "cron");
  await until("the tenant's cron was refused again", () => {
    const since = readShared(world, "cron").slice(said.length);
    return /^1$/m.test(since) ? true : undefined;
  });
  const refused = await systemctl("start", "tenant-web@9.service");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("Assertion failed")]);
  expect(await world.areSilent(...all, "tenant-web@9.service")).toBe(true);

  await goBack();
  await world.awaitBeating(...all);
  expect(await systemctl("is-active", "tenant-idle.service")).toMatchObject({ code: 3 });
  expect(world.beats("tenant-idle.service")).toBe(0);
  await must("disable", "--now", "tenant-slow.service", "tenant-tick.timer");
});

test("the helper answers the agent's user alone, and acts on nothing that root did not name", async () => {
  const name = {
    operationId: "01930000-0000-7000-8000-00000000000a",
    epoch: 1,
    hostId: (await world.host()).id,
    generation: 1,
  };
  for (const user of ["root", "nobody"]) {
    const answer = await ask({ kind: "fence", ...name }, user);
    expect(["EACCES", "closed", "ECONNRESET"]).toContain(answer["error"]);
  }
  const refusal = (text: string) => ({
    ok: false,
    problem: { kind: "refused", detail: expect.stringContaining(text) },
  });
  expect(await ask({ kind: "fence", ...name })).toEqual(refusal("epoch 1 is over"));
  expect(await ask({ kind: "run", ...name })).toEqual(refusal("no such kind"));
  const patterns = { kind: "fence", ...name, epoch: 9_000, systemd: ["*.service"] };
  expect(await ask(patterns)).toEqual(refusal("does not belong there"));
  const stop = { deadlineMs: 1, graceMs: 1, isHard: true, workloads: ["systemd:dbus.service"] };
  const { epoch } = await world.host();
  const asked = await ask({ kind: "evacuate", ...name, ...stop, epoch });
  expect(asked).toMatchObject({ ok: true, value: { problems: [expect.any(String)] } });
  expect(await world.isActive("dbus.service")).toBe(true);
  // What it did not stop it does not start.
  const restart = ["systemd:tenant-idle.service"];
  await ask({ kind: "release", ...name, epoch, restart });
  expect(await world.isActive("tenant-idle.service")).toBe(false);
  await world.write("/etc/wws-agent/hold", "anna swaps a disk\n");
  const held = await ask({ kind: "reboot", ...name, epoch, graceMs: 1 });
  expect(held).toEqual(refusal("held by /etc/wws-agent/hold: anna swaps a disk"));
  await world.container.must(["rm", "/etc/wws-agent/hold"]);
});

test("what root did not allow is not configured, and it says what to write", async () => {
  const allowed = await world.container.must(["cat", "/etc/wws-fleet/agent.toml"]);
  await world.write("/etc/wws-fleet/agent.toml", allowed.replace(/^may = .*$/m, "may = []"));
  await must("restart", "wws-agent.service");
  const { code, stderr } = await drain("--deadline", "20s", "--timeout", "15s");
  expect([code, stderr]).toEqual([6, expect.stringContaining("not configured")]);
  const { stdout } = await world.fleet("host", "explain", hostName);
  expect(stdout).toContain('write may = ["units"] into [hands]');
  await world.awaitBeating(...web);
  await world.done("op", "cancel", (await newestOperation()).id, "--reason", "not yet");
  await world.done("host", "uncordon", hostName, "--reason", "not yet");
  await world.write("/etc/wws-fleet/agent.toml", allowed);
  await must("restart", "wws-agent.service");
  await until("the host is free again", async () => {
    const { op, schedulable } = await world.host();
    return op === null && schedulable.isSchedulable ? true : undefined;
  });
});

test("a drained host stays fenced over a reboot, which a plan does to its end", {
  timeout: 4 * minutes,
}, async () => {
  await world.awaitBeating(...web);
  await expectDrained();
  const before = await world.container.bootId();
  const rebooted = await world.done("host", "reboot", hostName, "--reason", "kernel", "--wait");
  expect(rebooted.stdout).toBe(`Reboot ${hostName}: done\n`);
  expect(await world.awaitBoot(before)).not.toBe(before);
  expect((await world.host()).lifecycle).toBe("drained");
  // They are enabled, and their targets wanted them.
  expect(await world.areSilent(...web)).toBe(true);
  expect(await systemctl("is-active", ...web)).toMatchObject({ stdout: "inactive\ninactive\n" });
  await goBack();
  await world.awaitBeating(...web);
});

test("an active host is restarted by a plan and serves again", {
  timeout: 4 * minutes,
}, async () => {
  const before = await world.container.bootId();
  await world.done("host", "reboot", hostName, "--reason", "kernel", "--wait");
  expect(await world.awaitBoot(before)).not.toBe(before);
  expect(await newestOperation()).toMatchObject({ status: "done" });
  expect((await world.host()).phase).toBe("active");
  await world.awaitBeating(...web);
});

test("one that ignores SIGTERM for ever leaves the drain paused and explained; force ends it", {
  timeout: 4 * minutes,
}, async () => {
  const stubborn = "tenant-stubborn.service";
  await must("start", stubborn);
  await world.awaitBeating(stubborn);
  const { code, stderr } = await drain("--deadline", "15s", "--grace", "1s");
  expect([code, stderr]).toEqual([6, expect.stringMatching(/paused: .*systemd:tenant-stubborn/)]);
  expect(await world.areSilent(stubborn)).toBe(false);
  expect(await world.areSilent(...web)).toBe(true);
  const { stdout } = await world.fleet("host", "explain", hostName);
  expect(stdout).toMatch(/^waits for .*systemd:tenant-stubborn\.service/m);
  expect(stdout).toMatch(/ends it +.*wws-fleet host drain .* --force --reason/);
  await expectDrained("--force", "--deadline", "15s", "--grace", "1s");
  expect(await world.areSilent(stubborn, ...web)).toBe(true);
  await goBack();
  await world.awaitBeating(stubborn, ...web);
});

test("canceled, a drain leaves the host active and what it stopped comes back", {
  timeout: 4 * minutes,
}, async () => {
  await must("start", "tenant-stubborn.service");
  await world.awaitBeating("tenant-stubborn.service", ...web);
  expect((await drain("--deadline", "15s", "--grace", "1s")).code).toBe(6);
  expect(await world.areSilent(...web)).toBe(true);
  await world.done("op", "cancel", (await newestOperation()).id, "--reason", "the other fan");
  await world.done("host", "uncordon", hostName, "--reason", "the other fan");
  await world.awaitBeating("tenant-stubborn.service", ...web);
  await until("it takes new work again", async () => {
    const { phase, op, schedulable } = await world.host();
    return phase === "active" && op === null && schedulable.isSchedulable ? true : undefined;
  });
  // Its start may wait for its stop still: the stop comes first, and is what is left.
  await must("stop", "--no-block", "tenant-stubborn.service");
  await must("kill", "--signal=SIGKILL", "tenant-stubborn.service");
});

test("a unit that is over and left a process behind is not gone", {
  timeout: 4 * minutes,
}, async () => {
  await must("start", "tenant-left.service");
  await world.awaitBeating("tenant-left.service");
  const { code, stderr } = await drain("--deadline", "15s", "--grace", "1s");
  expect(code, stderr).toBe(6);
  const { stdout } = await world.fleet("host", "explain", hostName);
  expect(stdout).toMatch(/^waits for .*systemd:tenant-left\.service/m);
  expect(await world.isActive("tenant-left.service")).toBe(false);
  expect(await world.areSilent("tenant-left.service")).toBe(false);
  await expectDrained("--force", "--deadline", "15s", "--grace", "1s");
  expect(await world.areSilent("tenant-left.service", ...web)).toBe(true);
  await goBack();
  await world.awaitBeating("tenant-left.service", ...web);
  await systemctl("stop", "tenant-left.service");
  await systemctl("kill", "--signal=SIGKILL", "tenant-left.service");
});

test("a hook of root's runs outside the sandbox, and ends with the helper that began it", {
  timeout: 4 * minutes,
}, async () => {
  await world.write("/etc/wws-agent/drain.d/vm", guestHook, "755");
  writeFileSync(join(world.shared, "guest-runs"), "");
  writeFileSync(join(world.shared, "hook-slow"), "");
  const draining = drain();
  const helper = await until("the hook is at work", async () => {
    if (!readShared(world, "hook-said").includes("begun")) return undefined;
    const { stdout } = await systemctl(
      ...["list-units", "--plain", "--no-legend", "wws-hands@*.service", "wws-hook-*.service"],
    );
    const units = stdout.split("\n").map((line) => line.split(" ", 1)[0] ?? "");
    const hook = units.find((unit) => unit.startsWith("wws-hook-"));
    const own = units.find((unit) => unit.startsWith("wws-hands@"));
    return hook === undefined || own === undefined ? undefined : { hook, own };
  });
  await must("kill", "--signal=SIGKILL", helper.own);
  await until("the hook has ended too", async () =>
    (await world.isActive(helper.hook)) ? undefined : true,
  );
  rmSync(join(world.shared, "hook-slow"));
  const { code, stderr } = await draining;
  expect(code, `${stderr}\n${await journal()}`).toBe(0);
  expect(readShared(world, "hook-said").match(/begun/g)?.length).toBeGreaterThan(1);
  expect(await world.container.run(["test", "-e", "/shared/guest-runs"])).toMatchObject({
    code: 1,
  });
  await goBack();
  await world.container.must(["test", "-e", "/shared/guest-runs"]);
  await world.container.must(["rm", "/etc/wws-agent/drain.d/vm"]);
  await world.awaitBeating(...web);
});

test("removed while drained, the package leaves the units barred; back again, it gives them back", {
  timeout: 4 * minutes,
}, async () => {
  await expectDrained();
  await world.install(newer);
  await until("the newer release is there", async () =>
    (await world.host()).agentRelease === newer ? true : undefined,
  );
  expect(await world.areSilent(...web)).toBe(true);
  const removed = await world.container.run(["dpkg", "--remove", "wws-agent"]);
  expect(removed.stderr).toMatch(/this host is fenced: \d+ units stay barred/);
  expect(await systemctl("start", web[0] ?? "")).toMatchObject({ code: 1 });
  expect(await world.areSilent(...web)).toBe(true);
  await world.install(older);
  await until("the host is connected", async () => {
    const { link, agentRelease } = await world.host();
    return link.state === "connected" && agentRelease === older ? true : undefined;
  });
  await goBack();
  await world.awaitBeating(...web);
});

test("kill -9 of the manager in the middle changes nothing in the outcome", {
  timeout: 4 * minutes,
}, async () => {
  await must("start", "tenant-slow.service");
  await world.awaitBeating("tenant-slow.service", ...web);
  const draining = drain();
  await until("it waits for the slow one", async () => {
    const { step, status } = await newestOperation();
    return step === "evacuate" && status === "running" ? true : undefined;
  });
  await world.killManager();
  const { code, stdout, stderr } = await draining;
  expect([code, stdout], stderr).toEqual([0, `Drain ${hostName}: done\n`]);
  expect(await world.areSilent("tenant-slow.service", ...web)).toBe(true);
  const returning = world.fleet("host", "return", hostName, "--reason", "fan changed", "--wait");
  await world.killManager();
  const returned = await returning;
  // Killed before it heard of it: then nothing was begun, and it is asked again.
  if (returned.code !== 0) await goBack();
  await world.awaitBeating("tenant-slow.service", ...web);
  await must("stop", "tenant-slow.service");
});

/**
 * One of each program, where it has acted and not yet noted it. The other points of the agent are
 * killed with a hook for a workload (test/end-to-end), the helper's with its journal alone.
 */
const points = [
  ["wws-hands", "hands-acted"],
  ["wws-agent", "order-acted"],
] as const;

test("kill -9 of agent and helper: the processes are those that can be killed at a point", {
  timeout: 2 * minutes,
}, async () => {
  await armFailPoints(world);
  await until("the host is connected", async () =>
    (await world.host()).link.state === "connected" ? true : undefined,
  );
});

test.each(points)(
  "kill -9 of %s at %s, in a drain and in a return, changes nothing",
  {
    timeout: 4 * minutes,
  },
  async (program, point) => {
    await world.awaitBeating(...web);
    const file = `/var/lib/${program}/fail-at`;
    const owner = program === "wws-agent" ? "wws-agent" : "root";
    const arm = async () => {
      await world.write(file, point);
      await world.container.must(["chown", owner, file]);
    };
    const hasFired = async () => (await world.container.run(["test", "-e", file])).code !== 0;
    await arm();
    await expectDrained();
    expect(await world.areSilent(...web)).toBe(true);
    expect(await hasFired()).toBe(true);
    await arm();
    await goBack();
    expect(await hasFired()).toBe(true);
    await world.awaitBeating(...web);
  },
);

test("purged while fenced, the bars go with it and nothing is started", {
  timeout: 2 * minutes,
}, async () => {
  await expectDrained();
  await world.container.must(["dpkg", "--purge", "wws-agent"]);
  const bars = ["sh", "-c", "ls /etc/systemd/system/*.d/90-wws-fence.conf"];
  expect((await world.container.run(bars)).code).not.toBe(0);
  expect(await world.areSilent("tenant-web@2.service")).toBe(true);
  await must("start", "tenant-web@2.service");
  await world.awaitBeating("tenant-web@2.service");
});
