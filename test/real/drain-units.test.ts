import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { handsFailPoints } from "#agent/hands/hands-desk.ts";
import { createBench, until } from "#test/support/programs.ts";
import {
  armFailPoints,
  type DrainWorld,
  hostName,
  packAgents,
  readShared,
  startDrainWorld,
} from "./drain-world.ts";
import { guestHook, handsSettings } from "./tenant-units.ts";

/**
 * Drains of the packaged agent, over real units in a booted Debian. Whether a workload is silent is
 * read from its file out here, never asked of the agent. The tests are the life of one host, in order;
 * after one that fails, the next has a world of its own.
 */
const bench = createBench("all");
const older = "0.1.0~test1";
const newer = "0.1.0~test2";
const web = ["tenant-web@1.service", "tenant-web@2.service"];
const minutes = 60_000;

let packages: string;
let world: DrainWorld;
let isSpoilt = true;
beforeAll(async () => {
  packages = await packAgents(bench, [older, newer]);
});
beforeEach(async () => {
  if (!isSpoilt) return;
  world = await startDrainWorld(bench, packages, older);
  isSpoilt = false;
  await must("enable", "--now", ...web);
}, 2 * minutes);
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  isSpoilt = true;
  await world.stop();
});
afterAll(async () => {
  if (!isSpoilt) await world.stop();
});

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

async function setHands(text: string): Promise<void> {
  await world.write("/etc/wws-fleet/agent.toml", text);
  await must("restart", "wws-agent.service");
}

/** However it takes a stop. Its start may wait for its stop still: the stop comes first. */
async function end(...units: string[]): Promise<void> {
  await must("stop", "--no-block", ...units);
  await systemctl("kill", "--signal=SIGKILL", ...units);
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
  await must("disable", "tenant-slow.service", "tenant-tick.timer");
  await end("tenant-slow.service", "tenant-tick.timer", "tenant-tick.service");
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
  await setHands(handsSettings().replace(/^may = .*$/m, "may = []"));
  const { code, stderr } = await drain("--deadline", "20s", "--timeout", "5s");
  expect([code, stderr]).toEqual([6, expect.stringContaining("not configured")]);
  const { stdout } = await world.fleet("host", "explain", hostName);
  expect(stdout).toContain('write may = ["units"] into [hands]');
  await world.awaitBeating(...web);
  await world.done("op", "cancel", (await newestOperation()).id, "--reason", "not yet");
  await world.done("host", "uncordon", hostName, "--reason", "not yet");
  await setHands(handsSettings());
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
  await expectDrained("--force", "--deadline", "3s", "--grace", "1s");
  expect(await world.areSilent(stubborn, ...web)).toBe(true);
  await goBack();
  await world.awaitBeating(stubborn, ...web);
});

test("canceled, a drain leaves the host active and what it stopped comes back", {
  timeout: 4 * minutes,
}, async () => {
  await must("start", "tenant-stubborn.service");
  await world.awaitBeating("tenant-stubborn.service", ...web);
  // Long enough that a busy machine has stopped what can be stopped before the drain pauses.
  expect((await drain("--deadline", "30s", "--grace", "1s")).code).toBe(6);
  expect(await world.areSilent(...web)).toBe(true);
  await world.done("op", "cancel", (await newestOperation()).id, "--reason", "the other fan");
  await world.done("host", "uncordon", hostName, "--reason", "the other fan");
  await world.awaitBeating("tenant-stubborn.service", ...web);
  await until("it takes new work again", async () => {
    const { phase, op, schedulable } = await world.host();
    return phase === "active" && op === null && schedulable.isSchedulable ? true : undefined;
  });
  await end("tenant-stubborn.service");
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
  await expectDrained("--force", "--deadline", "3s", "--grace", "1s");
  expect(await world.areSilent("tenant-left.service", ...web)).toBe(true);
  await goBack();
  await world.awaitBeating("tenant-left.service", ...web);
  await end("tenant-left.service");
});

test("a socket starts nothing of a drained host, and what it would start comes back", {
  timeout: 4 * minutes,
}, async () => {
  const both = ["tenant-door.service", "tenant-bell.service"];
  await must("start", "tenant-door.socket", "other-bell.socket");
  expect([await knock("/run/tenant-door"), await knock("/run/other-bell")]).toEqual([0, 0]);
  await world.awaitBeating(...both);
  await expectDrained();
  expect(await world.areSilent(...both)).toBe(true);
  // The patterns name the one: it rests. Nobody told the other, whose knocks the bar refuses.
  expect(await knock("/run/tenant-door")).not.toBe(0);
  await knock("/run/other-bell");
  await until("the bar refused it", async () => {
    const said = await world.container.must(["journalctl", "-b", "-u", "tenant-bell.service"]);
    return said.includes("Starting requested but asserts failed") ? true : undefined;
  });
  expect(await world.areSilent(...both)).toBe(true);
  await goBack();
  await world.awaitBeating(...both);
  // Knocked at in vain a few hundred times, it has given up; the one that rested has not.
  expect(await systemctl("is-failed", "other-bell.socket")).toMatchObject({ code: 0 });
  await end("tenant-door.service");
  await until("nobody is in", async () =>
    (await world.isActive("tenant-door.service")) ? undefined : true,
  );
  expect(await knock("/run/tenant-door")).toBe(0);
  await world.awaitBeating("tenant-door.service");
  await end("tenant-door.socket", "other-bell.socket", ...both);
});

/** The exit code of one connection to a socket inside. */
async function knock(path: string): Promise<number> {
  const program = `use IO::Socket::UNIX; exit(IO::Socket::UNIX->new(Peer => $ARGV[0]) ? 0 : 1)`;
  return (await world.container.run(["perl", "-e", program, path])).code;
}

test("what left its unit for a scope, or runs in a login session, is seen where a pattern names that", {
  timeout: 4 * minutes,
}, async () => {
  await must("start", "tenant-away.service", "acme-shop.service");
  const session = await logIn("login");
  const outside = ["away", "login", "acme-shop.service"];
  await world.awaitBeating(...outside);
  await expectDrained();
  // As the page says: nobody told the agent that this is a tenant's.
  for (const name of outside) expect([name, await world.areSilent(name)]).toEqual([name, false]);
  await goBack();

  await setHands(handsSettings("acme.slice", "acme-*.service", "session-*.scope"));
  await world.awaitBeating(...outside, ...web);
  await expectDrained();
  expect(await world.areSilent(...outside, ...web)).toBe(true);
  expect((await systemctl("start", "acme-shop.service")).code).not.toBe(0);
  await goBack();
  // A unit is started again. A session and what somebody began in a scope by hand have nothing to start.
  await world.awaitBeating("acme-shop.service", ...web);
  expect(await world.isActive(session)).toBe(false);
  await end("acme-shop.service");
  await systemctl("stop", "acme.slice");
  await setHands(handsSettings());
});

/** A process that beats in a login session of root's, as pam_systemd(8) asks for one; its scope. */
async function logIn(name: string): Promise<string> {
  const beat = `while :; do echo >> /shared/${name}; sleep 0.1; done`;
  const begin = `setsid sh -c '${beat}' > /dev/null 2>&1 & echo $!`;
  const pid = (await world.container.must(["sh", "-c", begin])).trim();
  const manager = ["org.freedesktop.login1", "/org/freedesktop/login1"];
  await world.container.must([
    ...["busctl", "call", ...manager, "org.freedesktop.login1.Manager", "CreateSession"],
    ...[
      "uusssssussbssa(sv)",
      "0",
      pid,
      "sshd",
      "tty",
      "user",
      "",
      "",
      "0",
      "",
      "",
      "false",
      "",
      "",
      "0",
    ],
  ]);
  const group = await world.container.must(["cat", `/proc/${pid}/cgroup`]);
  const scope = /user-0\.slice\/(session-\S+\.scope)$/m.exec(group)?.[1];
  if (scope === undefined) throw new Error(`${pid} is in no session: ${group}`);
  return scope;
}

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
  await end("tenant-slow.service");
});

const points = [
  ...handsFailPoints.map((point) => ["wws-hands", point] as const),
  ...(["order-received", "order-started", "order-acted", "order-done"] as const).map(
    (point) => ["wws-agent", point] as const,
  ),
  ...(["evacuation-asked", "evacuation-over"] as const).map(
    (point) => ["wws-agent", point] as const,
  ),
];

/** The world whose programs are those that can be killed at a point. */
let armed: DrainWorld | undefined;

test.each(points)(
  "kill -9 of %s at %s, in a drain and in a return, changes nothing",
  {
    timeout: 4 * minutes,
  },
  async (program, point) => {
    if (armed !== world) await armFailPoints(world);
    armed = world;
    await world.awaitBeating(...web);
    const file = `/var/lib/${program}/fail-at`;
    const owner = program === "wws-agent" ? "wws-agent" : "root";
    const armAt = async () => {
      await world.write(file, point);
      await world.container.must(["chown", owner, file]);
    };
    // The manager may see that all has gone before the host's own next look, ten seconds later at most.
    const awaitFired = () =>
      until(
        `${program} was killed at ${point}`,
        async () =>
          (await world.container.run(["test", "-e", file])).code === 1 ? true : undefined,
        30_000,
      );
    await armAt();
    await expectDrained();
    expect(await world.areSilent(...web)).toBe(true);
    await awaitFired();
    const isOfReturn = !point.startsWith("evacuation");
    if (isOfReturn) await armAt();
    await goBack();
    await awaitFired();
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
