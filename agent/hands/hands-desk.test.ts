import { beforeEach, expect, test } from "vitest";
import type { HandsMay } from "#agent/config/agent-config.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { createFakeHost, type FakeHost } from "#test/support/fake-host-control.ts";
import { answerQuestion, type HandsDeskParts, type HandsFailPoint } from "./hands-desk.ts";
import type { HandsState } from "./hands-state.ts";

const name = {
  operationId: "01930000-0000-7000-8000-00000000000a",
  epoch: 7,
  hostId: "01930000-0000-7000-8000-00000000000b",
  generation: 1,
};
const evacuate = {
  kind: "evacuate",
  ...name,
  deadlineMs: 5,
  graceMs: 1,
  isHard: false,
  workloads: ["systemd:photo", "systemd:shop"],
};

let units: FakeHost;
let hooks: FakeHost;
let state: HandsState | null;
let may: HandsMay[];
let hold: string | null;
let settings: () => void;
let dieAt: HandsFailPoint | null;
let locked: number;
let lines: string[];

beforeEach(() => {
  units = createFakeHost(["systemd:photo", "systemd:shop"]);
  hooks = createFakeHost(["hook/vm:guest"]);
  state = null;
  may = ["units", "hooks", "reboot"];
  hold = null;
  settings = () => {};
  dieAt = null;
  locked = 0;
  lines = [];
});

const parts: HandsDeskParts = {
  settings: () => {
    settings();
    return { may, systemd: [], hooks: "" };
  },
  state: {
    path: "state.json",
    read: () => state,
    write: (changed) => {
      expect(locked).toBe(1);
      state = changed;
    },
  },
  readHold: () => (hold === null ? null : { path: "/etc/wws-agent/hold", text: hold }),
  takeLock: async () => {
    locked += 1;
    return ok({
      release: () => {
        locked -= 1;
      },
    });
  },
  controls: () => ({ units: units.control, hooks: hooks.control }),
  failPoint: (point) => {
    if (point === dieAt) throw new Error(`killed at ${point}`);
  },
  log: (line) => lines.push(line),
};

const ask = (question: object, signal = new AbortController().signal) =>
  answerQuestion(question, parts, signal);
const done = { ok: true, value: { problems: [] } };
const refusal = (detail: string | RegExp) => ({
  ok: false,
  problem: { kind: "refused", detail: expect.stringMatching(detail) },
});

test("what root did not name is not done, and it says what to write", async () => {
  may = [];
  const write = (what: string) => refusal(`^not configured: .*write may = \\["${what}"\\]`);
  expect(await ask({ kind: "fence", ...name })).toEqual(write("units"));
  expect(await ask(evacuate)).toEqual(write("units"));
  expect(await ask({ kind: "reboot", ...name, graceMs: 1 })).toEqual(write("reboot"));
  expect(await ask({ kind: "look" })).toEqual(write("hooks"));
  settings = () => {
    throw new Error("agent.toml belongs to user 997, not to root: it allows nothing");
  };
  expect(await ask({ kind: "fence", ...name })).toEqual(refusal("it allows nothing"));
  expect([units.acts, hooks.acts, units.reboots]).toEqual([[], [], 0]);
  expect(state).toBeNull();
});

test("a lower epoch is refused, whatever it asks, and so is one of a generation that is over", async () => {
  expect(await ask({ kind: "fence", ...name, epoch: 9 })).toEqual(done);
  for (const order of [
    { kind: "fence", ...name, epoch: 8 },
    { kind: "release", ...name, epoch: 8, restart: [] },
    { kind: "halt", ...name, epoch: 8 },
    { ...evacuate, epoch: 8 },
    { kind: "reboot", ...name, epoch: 8, graceMs: 1 },
  ]) {
    expect(await ask(order)).toEqual(refusal("^epoch 8 is over: root's helper has seen epoch 9$"));
  }
  expect(units.acts).toEqual(["fence 9"]);
  expect(await ask({ kind: "fence", ...name, epoch: 10, generation: 0 })).toEqual(
    refusal("^generation 0 of this host's identity is over"),
  );
  expect(lines.at(-1)).toMatch(/^fence at epoch 10 of operation .*: refused: generation 0/);
});

test("a fence that is up is held up at its own epoch, also when a restart followed it", async () => {
  await ask({ kind: "fence", ...name });
  expect(await ask({ kind: "reboot", ...name, epoch: 8, graceMs: 1 })).toEqual(done);
  expect(await ask({ kind: "hold-fence", ...name })).toEqual(done);
  expect(state).toMatchObject({ epoch: 8, isFenced: true });
  await ask({ kind: "release", ...name, epoch: 9, restart: [] });
  expect(await ask({ kind: "hold-fence", ...name })).toEqual(refusal("^epoch 7 is over"));
});

test("the hold file is the last word, but not against doing less", async () => {
  hold = "anna swaps a disk";
  const held = refusal("held by /etc/wws-agent/hold: anna swaps a disk");
  expect(await ask({ kind: "fence", ...name })).toEqual(held);
  expect(await ask(evacuate)).toEqual(held);
  expect(await ask({ kind: "release", ...name, restart: [] })).toEqual(held);
  expect(await ask({ kind: "reboot", ...name, graceMs: 1 })).toEqual(held);
  expect(units.acts).toEqual([]);
  expect(await ask({ kind: "halt", ...name })).toEqual(done);
  expect(await ask({ kind: "hold-fence", ...name })).toEqual(done);
});

test("only what is seen here is stopped, whatever is named", async () => {
  const workloads = ["systemd:photo", "systemd:dbus.service", "hook/vm:guest", "../x"];
  expect(await ask({ ...evacuate, workloads })).toEqual(done);
  expect(units.acts).toEqual(["evacuate systemd:photo", "evacuate hook/vm:guest"]);
  expect(state?.stopped).toEqual(["systemd:photo", "hook/vm:guest"]);
  expect(await ask({ ...evacuate, workloads: ["systemd:dbus.service"] })).toEqual({
    ok: true,
    value: { problems: [expect.stringMatching(/^systemd: root's helper sees none of it/)] },
  });
});

test("only what it stopped is started again, once", async () => {
  await ask({ kind: "fence", ...name });
  await ask({ ...evacuate, workloads: ["systemd:photo"] });
  const restart = ["systemd:photo", "systemd:shop", "systemd:ssh.service"];
  expect(await ask({ kind: "release", ...name, restart })).toEqual(done);
  expect(units.acts.at(-1)).toBe("release systemd:photo");
  expect(state).toMatchObject({ epoch: 7, isFenced: false, stopped: [] });
  await ask({ kind: "release", ...name, restart });
  expect(units.acts.at(-1)).toBe("release");
});

test("a release that fails forgets nothing", async () => {
  await ask({ kind: "fence", ...name });
  await ask(evacuate);
  hooks.problems = ["hook/vm: release: exit code 1"];
  const answer = await ask({ kind: "release", ...name, restart: ["systemd:shop"] });
  expect(answer).toEqual({ ok: true, value: { problems: ["hook/vm: release: exit code 1"] } });
  expect(state).toMatchObject({ isFenced: true, stopped: ["systemd:photo", "systemd:shop"] });
});

test("another identity first releases what the former left, and starts nothing of it", async () => {
  await ask({ kind: "fence", ...name });
  await ask(evacuate);
  const anew = { ...name, hostId: "01930000-0000-7000-8000-00000000000c", epoch: 1 };
  expect(await ask({ kind: "fence", ...anew })).toEqual(refusal("fenced for its former identity"));
  const released = await ask({ kind: "release", ...anew, restart: ["systemd:photo"] });
  expect([released, units.acts.at(-1)]).toEqual([done, "release"]);
  expect(await ask({ kind: "fence", ...anew })).toEqual(done);
  expect(state).toMatchObject({ hostId: anew.hostId, epoch: 1, isFenced: true });
});

test("what it remembers and cannot read stops everything", async () => {
  const read = parts.state.read;
  Object.assign(parts.state, {
    read: () => {
      throw new Error("state.json is damaged");
    },
  });
  expect(await ask({ kind: "fence", ...name })).toEqual(refusal("^state.json is damaged$"));
  expect([units.acts, locked]).toEqual([[], 0]);
  Object.assign(parts.state, { read });
});

test.each(["hands-asked", "hands-noted", "hands-acted", "hands-done"] as const)(
  "killed at %s, the same order asked again has the same outcome",
  async (point) => {
    await ask({ kind: "fence", ...name });
    for (const order of [evacuate, { kind: "release", ...name, restart: evacuate.workloads }]) {
      dieAt = point;
      await ask(order);
      dieAt = null;
      expect((await ask(order)).ok).toBe(true);
      const stopped = order.kind === "evacuate" ? evacuate.workloads : [];
      expect([state?.stopped, locked]).toEqual([stopped, 0]);
      const is = order.kind === "evacuate" ? "stopped" : "running";
      expect([...units.workloads.values()]).toEqual([is, is]);
    }
  },
);

test("an asker that left ends hooks that evacuate", async () => {
  const left = new AbortController();
  const leaving: HandsDeskParts = {
    ...parts,
    failPoint: (point) => {
      if (point === "hands-done") left.abort();
    },
  };
  const question = { ...evacuate, workloads: ["hook/vm:guest"] };
  const answer = await answerQuestion(question, leaving, left.signal);
  expect(answer.ok).toBe(true);
  expect(hooks.workloads.get("hook/vm:guest")).toBe("running");
});

test("what is asked by somebody who leaves before its turn is not done", async () => {
  const left = new AbortController();
  const late: HandsDeskParts = {
    ...parts,
    takeLock: () => {
      // Meanwhile the agent halts, and another order has the lock.
      left.abort();
      return parts.takeLock();
    },
  };
  for (const question of [evacuate, { kind: "fence", ...name }])
    expect(await answerQuestion(question, late, left.signal)).toEqual(refusal("has left"));
  expect([...units.workloads.values(), state]).toEqual(["running", "running", null]);
});
