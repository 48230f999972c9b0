import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createGatewayRig,
  type EnrolledMachine,
  type FakeConnection,
  type GatewayRig,
} from "#test/support/gateway-rig.ts";
import { sampleOrder } from "#test/support/sample-messages.ts";
import type { HostPort } from "#fleet/executor/host-port.ts";
import type { OrderEvidence, OrderProgress } from "#proto/messages/orders.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createHostOrders } from "./host-orders.ts";

let rig: GatewayRig;
let port: HostPort;
let machine: EnrolledMachine;
let term = 1;
beforeEach(async () => {
  term = 1;
  rig = await createGatewayRig({ effects: (effects) => ({ ...effects, term: () => term }) });
  port = createHostOrders(rig.gateway);
  machine = await rig.enrol("web-1");
});
afterEach(() => rig.close());

const fence = sampleOrder({ kind: "fence" });
const evidence: OrderEvidence = {
  epoch: 12,
  isFenced: true,
  workloads: [],
  tenantMounts: [],
  unasked: [],
  observedMs: unixMs(1_790_000_000_000),
};

function askedOf(connection: FakeConnection) {
  const command = connection.last("command")?.command;
  if (command === undefined) throw new Error("no command came");
  return command;
}

test("an order is delivered with its term, and settled by its answer", async () => {
  const connection = await rig.greet(machine);
  const answer = port.order(machine.hostId, fence, 60_000);
  const { id, action, term: sent } = askedOf(connection);
  expect(sent).toBe(1);
  expect(action).toEqual({ kind: "order", order: fence });
  const outcome = { commandId: id, result: "done", detail: "", evidence } as const;
  connection.say({ kind: "outcome", outcome });
  expect(await answer).toEqual({ ok: true, value: { result: "done", detail: "", evidence } });
});

test("an order for a host that is away waits, and is sent again until it is answered", async () => {
  const answer = port.order(machine.hostId, fence, 600_000);
  const first = await rig.greet(machine);
  const { id } = askedOf(first);
  first.hangUp();
  const second = await rig.greet(machine);
  expect(askedOf(second).id).toBe(id);
  second.say({ kind: "outcome", outcome: { commandId: id, result: "done", detail: "", evidence } });
  expect((await answer).ok).toBe(true);
});

test("what was not answered in its time is told as just that", async () => {
  const answer = port.order(machine.hostId, fence, 60_000);
  await rig.clock.advance(61_000);
  expect(await answer).toEqual({ ok: false, problem: { kind: "unanswered" } });
});

test("another host's outcome settles nothing", async () => {
  const connection = await rig.greet(machine);
  const other = await rig.enrol("web-2");
  const stranger = await rig.greet(other);
  const answer = port.order(machine.hostId, fence, 60_000);
  const { id } = askedOf(connection);
  stranger.say({
    kind: "outcome",
    outcome: { commandId: id, result: "done", detail: "", evidence },
  });
  await rig.clock.advance(61_000);
  expect(await answer).toEqual({ ok: false, problem: { kind: "unanswered" } });
});

test("an agent that is too old says so, and no evidence is made up", async () => {
  const connection = await rig.greet(machine);
  const answer = port.order(machine.hostId, fence, 60_000);
  const detail = "this agent's release does not know what was asked";
  const { id } = askedOf(connection);
  connection.say({
    kind: "outcome",
    outcome: { commandId: id, result: "refused", detail, evidence: null },
  });
  expect(await answer).toEqual({ ok: true, value: { result: "refused", detail, evidence: null } });
});

test("a result of a newer agent is not taken for done", async () => {
  const connection = await rig.greet(machine);
  const answer = port.order(machine.hostId, fence, 60_000);
  const { id } = askedOf(connection);
  connection.say({
    kind: "outcome",
    outcome: { commandId: id, result: "unspecified", detail: "later", evidence: null },
  });
  expect(await answer).toMatchObject({ ok: true, value: { result: "failed" } });
});

test("progress is of the host whose key it came with, whatever it says (S13)", async () => {
  const heard: [HostId, OrderProgress][] = [];
  const stop = port.onProgress((hostId, progress) => heard.push([hostId, progress]));
  const progress: OrderProgress = {
    operationId: fence.operationId,
    epoch: 12,
    state: "running",
    workloads: [{ name: "systemd:a.service", state: "running", detail: "" }],
    observedMs: evidence.observedMs,
  };
  const other = await rig.enrol("web-2");
  (await rig.greet(other)).say({ kind: "order-progress", progress });
  expect(heard).toEqual([[other.hostId, progress]]);
  stop();
  (await rig.greet(machine)).say({ kind: "order-progress", progress });
  expect(heard.length).toBe(1);
});

test("each order carries the term of the moment it is given", async () => {
  const connection = await rig.greet(machine);
  void port.order(machine.hostId, fence, 60_000);
  term = 4;
  void port.order(machine.hostId, sampleOrder({ kind: "prove-empty" }), 60_000);
  expect(askedOf(connection).term).toBe(4);
});

test("more orders than a host's queue holds are turned away at once", async () => {
  const orders = Array.from({ length: 17 }, () => port.order(machine.hostId, fence, 60_000));
  expect(await orders[16]).toEqual({ ok: false, problem: { kind: "queue-full" } });
});

test("what was withdrawn is not said to a host that comes back; the halt and others' orders are", async () => {
  const { operationId, epoch } = fence;
  const orders = [
    fence,
    sampleOrder({ kind: "prove-empty" }),
    { ...sampleOrder({ kind: "fence" }), epoch: epoch + 1 },
    sampleOrder({ kind: "halt-evacuation" }),
    sampleOrder({ kind: "release", restart: true }),
  ];
  const answers = orders.map((order) => port.order(machine.hostId, order, 60_000));
  port.withdraw(machine.hostId, operationId, epoch);
  const connection = await rig.greet(machine);
  const said = connection.received.flatMap((message) =>
    message.kind === "command" ? [message.command.action] : [],
  );
  expect(said).toEqual(orders.slice(2).map((order) => ({ kind: "order", order })));
  for (const answer of answers.slice(0, 2))
    expect(await answer).toEqual({ ok: false, problem: { kind: "given-up" } });
});
