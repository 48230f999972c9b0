import { expect, test } from "vitest";
import type { Command, CommandOutcome } from "#proto/messages/frames.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { sampleOrder } from "#test/support/sample-messages.ts";
import { createCommandDesk } from "./command-desk.ts";

function deskAt(nowMs: number, term = 3) {
  const done: string[] = [];
  const desk = createCommandDesk({
    nowMs: () => unixMs(nowMs),
    term: () => term,
    sendState: () => done.push("state"),
    setReportInterval: (ms) => done.push(`interval ${ms}`),
    order: async ({ id }, order) => ({
      commandId: id,
      result: "done",
      detail: order.action.kind,
      evidence: null,
    }),
  });
  const carryOut = (asked: Command): CommandOutcome | undefined => {
    let outcome: CommandOutcome | undefined;
    desk.carryOut(asked, (answer) => {
      outcome = answer;
    });
    return outcome;
  };
  return { desk: { carryOut }, orders: desk, done };
}

const command = (given: Partial<Command> = {}): Command => ({
  id: "c-1",
  term: 3,
  expiresMs: unixMs(2_000),
  action: { kind: "send-state" },
  ...given,
});

test("a command is carried out and answered", () => {
  const { desk, done } = deskAt(1_000);
  expect(desk.carryOut(command())).toMatchObject({ commandId: "c-1", result: "done", detail: "" });
  expect(done).toEqual(["state"]);
});

test("one that comes again is answered and not done again", () => {
  const { desk, done } = deskAt(1_000);
  const first = desk.carryOut(command());
  expect(desk.carryOut(command())).toEqual(first);
  expect(done).toEqual(["state"]);
});

test("of a term that is over, nothing is done", () => {
  const { desk, done } = deskAt(1_000, 4);
  expect(desk.carryOut(command())).toMatchObject({ result: "refused" });
  expect(done).toEqual([]);
});

test("what comes after its time is refused", () => {
  const { desk, done } = deskAt(2_000);
  expect(desk.carryOut(command())).toMatchObject({
    result: "refused",
    detail: "it came after its time was over",
  });
  expect(done).toEqual([]);
});

test.each([0, 999, 300_001, 2 ** 40])("a report interval of %i ms is refused", (ms) => {
  const { desk, done } = deskAt(1_000);
  const action = { kind: "set-report-interval", reportIntervalMs: ms } as const;
  expect(desk.carryOut(command({ action }))?.result).toBe("refused");
  expect(done).toEqual([]);
});

test("what this release does not know is refused in words", () => {
  const { desk } = deskAt(1_000);
  expect(desk.carryOut(command({ action: { kind: "unknown" } }))).toMatchObject({
    result: "refused",
    detail: "this agent's release does not know what was asked",
  });
});

test("what is remembered is bounded", () => {
  const { desk, done } = deskAt(1_000);
  for (let index = 0; index < 1_000; index += 1) desk.carryOut(command({ id: `c-${index}` }));
  desk.carryOut(command({ id: "c-999" }));
  expect(done.length).toBe(1_000);
  desk.carryOut(command({ id: "c-0" }));
  expect(done.length).toBe(1_001);
});

test("an order goes to its own desk, and what comes of it is the answer", async () => {
  const { orders } = deskAt(1_000);
  const action = { kind: "order", order: sampleOrder({ kind: "fence" }) } as const;
  const outcome = await new Promise<CommandOutcome>((resolve) => {
    orders.carryOut(command({ action }), resolve);
  });
  expect(outcome).toEqual({ commandId: "c-1", result: "done", detail: "fence", evidence: null });
});
