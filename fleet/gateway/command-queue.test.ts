import { afterEach, beforeEach, expect, test } from "vitest";
import { createGatewayRig, type GatewayRig } from "#test/support/gateway-rig.ts";

let rig: GatewayRig;
beforeEach(async () => {
  rig = await createGatewayRig();
});
afterEach(() => rig.close());

test("a command reaches a host that is there, and its outcome settles it", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  const outcome = rig.gateway.command(machine.hostId, { kind: "send-state" }, 60_000);
  const command = connection.last("command")?.command;
  expect(command).toMatchObject({ term: 1, action: { kind: "send-state" } });
  const commandId = command?.id ?? "";
  const done = { commandId, result: "done", detail: "", evidence: null } as const;
  connection.say({ kind: "outcome", outcome: done });
  expect(await outcome).toEqual({ ok: true, value: done });
});

test("a command waits for its host, comes again after each reconnect, and expires", async () => {
  const machine = await rig.enrol("db-1");
  const action = { kind: "set-report-interval", reportIntervalMs: 5_000 } as const;
  const outcome = rig.gateway.command(machine.hostId, action, 60_000);
  const first = await rig.greet(machine);
  const id = first.last("command")?.command.id;
  first.hangUp();
  const second = await rig.greet(machine);
  expect(second.last("command")?.command.id).toBe(id);
  await rig.clock.advance(60_000);
  expect(await outcome).toEqual({ ok: false, problem: { kind: "expired", commandId: id } });
});

test("an outcome of another host's command settles nothing", async () => {
  const [mine, yours] = [await rig.enrol("db-1"), await rig.enrol("db-2")];
  const connection = await rig.greet(mine);
  const outcome = rig.gateway.command(yours.hostId, { kind: "send-state" }, 1_000);
  const theirs = await rig.greet(yours);
  const commandId = theirs.last("command")?.command.id ?? "";
  connection.say({
    kind: "outcome",
    outcome: { commandId, result: "done", detail: "", evidence: null },
  });
  await rig.clock.advance(1_000);
  expect(await outcome).toMatchObject({ ok: false, problem: { kind: "expired" } });
});
