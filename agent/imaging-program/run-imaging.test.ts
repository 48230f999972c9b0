import { expect, test } from "vitest";
import type { ImagingAnswer, ImagingHello, ImagingProgress } from "#proto/messages/imaging.ts";
import type { ReimageToken } from "#proto/messages/reimage-token.ts";
import { parseBootWords } from "#proto/vocabulary/boot-words.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import type { ImagingWork, OrderCheck } from "./imaging-ports.ts";
import type { ImagingView } from "./imaging-view.ts";
import { countdownSeconds, runImaging } from "./run-imaging.ts";

const machine = {
  maker: "Acme",
  product: "R640v",
  systemSerial: "SN1",
  boardSerial: null,
  smbiosUuid: null,
  macs: ["52:54:00:aa:02:01"],
};
/** What the loop reads of a token that was checked. */
const token = {
  operationId: "op-1",
  epoch: 7,
  disks: [
    { fate: { kind: "erase", class: "clear" } },
    { fate: { kind: "custody", reason: "dead" } },
  ],
  image: { name: "debian-12" },
} as unknown as ReimageToken;
const order: ImagingAnswer = {
  kind: "order",
  token: Buffer.from("the token").toString("base64"),
  signature: Buffer.from("its signature").toString("base64"),
  keyId: "a".repeat(64),
};

interface World {
  readonly answers: Result<ImagingAnswer, string>[];
  readonly check?: OrderCheck;
  readonly work?: ImagingWork;
  readonly tellAnswers?: Result<void, string>[];
}

function startWorld(world: World) {
  const clock = createVirtualClock();
  const end = new AbortController();
  const views: ImagingView[] = [];
  const hellos: ImagingHello[] = [];
  const told: ImagingProgress[] = [];
  const checked: Uint8Array[] = [];
  let worked = 0;
  let stopByHand = (): void => {};
  const running = runImaging({
    clock,
    random: createSeededRandom(1),
    release: "0.1.0",
    bootId: "boot-1",
    words: parseBootWords("wws.url=http://10.0.2.2:1/v1 wws.name=nrt1-u12 wws.host=h-1"),
    readMachine: () => machine,
    readAddresses: () => ["eth0 10.0.2.15"],
    screen: { show: (view) => views.push(view) },
    door: {
      ask: async (hello) => {
        hellos.push(hello);
        return world.answers[hellos.length - 1] ?? world.answers.at(-1) ?? fail("nobody");
      },
      tell: async (progress) => {
        told.push(progress);
        return world.tellAnswers?.[told.length - 1] ?? ok(undefined);
      },
    },
    check: async (signed, found) => {
      checked.push(signed.bytes);
      return world.check?.(signed, found) ?? ok(token);
    },
    work: {
      run: async (given, onStep) => {
        worked += 1;
        return world.work?.run(given, onStep) ?? { kind: "done", text: "written" };
      },
    },
    onStopByHand: (callback) => {
      stopByHand = callback;
    },
    signal: end.signal,
  });
  return {
    clock,
    views,
    hellos,
    told,
    checked,
    worked: () => worked,
    stopByHand: () => stopByHand(),
    kinds: () =>
      views.map(({ state }) => state.kind).filter((kind, at, all) => kind !== all[at - 1]),
    pass: (ms: number) => clock.advance(ms),
    stop: async () => {
      end.abort(new Error("end of the test"));
      await running;
    },
  };
}

test("without an order it is idle, for ever, and does nothing", async () => {
  const world = startWorld({ answers: [ok({ kind: "idle" })] });
  await world.pass(24 * 3_600_000);
  expect(world.kinds()).toEqual(["starting", "idle"]);
  expect(world.hellos.length).toBeGreaterThan(10_000);
  expect(world.worked()).toBe(0);
  await world.stop();
});

test("while nobody answers it asks less and less often, and says why it waits", async () => {
  const world = startWorld({ answers: [fail("connect ECONNREFUSED")] });
  await world.pass(3_600_000);
  expect(world.kinds()).toEqual(["starting", "unreachable"]);
  expect(world.views.at(-1)?.state.text).toBe("connect ECONNREFUSED");
  expect(world.hellos.length).toBeLessThan(100);
  await world.stop();
});

test("an order that does not hold is refused by name, nothing is done, and it asks again", async () => {
  const world = startWorld({
    answers: [ok(order), ok({ kind: "idle" })],
    check: async () => fail("the serial is SN2, this machine has SN1"),
  });
  await world.pass(60_000);
  expect(world.kinds()).toEqual(["starting", "refused", "idle"]);
  expect(world.views[1]?.state.text).toContain("SN2");
  expect(world.worked()).toBe(0);
  await world.stop();
});

test("the very bytes that came are what is checked", async () => {
  const world = startWorld({ answers: [ok(order)] });
  await world.pass(1_000);
  expect(Buffer.from(world.checked[0] ?? []).toString()).toBe("the token");
  await world.stop();
});

test("an order that holds is counted down, carried out once, and its end stays on the screen", async () => {
  const world = startWorld({
    answers: [ok(order)],
    work: {
      run: async (_, onStep) => {
        onStep({ step: "erase", done: 0.5, text: "2 of 4 disks" });
        return { kind: "done", text: "image verified" };
      },
    },
  });
  await world.pass((countdownSeconds - 1) * 1_000);
  expect(world.worked()).toBe(0);
  expect(world.views.at(-1)?.state.secondsLeft).toBe(1);
  await world.pass(600_000);
  expect(world.kinds()).toEqual(["starting", "counting-down", "working", "done"]);
  expect(world.worked()).toBe(1);
  expect(world.checked).toHaveLength(1);
  expect(world.told.map(({ state, step, epoch }) => [state, step, epoch])).toEqual([
    ["working", "erase", 7],
    ["done", "done", 7],
  ]);
  await world.stop();
});

test("whoever types stop at the console before it begins has stopped it", async () => {
  const world = startWorld({ answers: [ok(order)] });
  await world.pass(3_000);
  world.stopByHand();
  await world.pass(60_000);
  expect(world.kinds()).toEqual(["starting", "counting-down", "stopped-by-hand"]);
  expect(world.worked()).toBe(0);
  expect(world.told.at(-1)?.state).toBe("stopped-by-hand");
  await world.stop();
});

test("work that throws has failed at the step that it was in", async () => {
  const world = startWorld({
    answers: [ok(order)],
    work: {
      run: async (_, onStep) => {
        onStep({ step: "write", done: null, text: "" });
        throw new Error("the disk is gone");
      },
    },
  });
  await world.pass(60_000);
  expect(world.views.at(-1)?.state).toMatchObject({
    kind: "failed",
    step: "write",
    text: "the disk is gone",
  });
  await world.stop();
});

test("how it ended is told until somebody has taken it", async () => {
  const world = startWorld({
    answers: [ok(order)],
    tellAnswers: [fail("down"), fail("down"), ok(undefined)],
  });
  await world.pass(120_000);
  expect(world.told.map(({ state }) => state)).toEqual(["done", "done", "done"]);
  await world.stop();
});
