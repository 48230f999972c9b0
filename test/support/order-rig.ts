import { createOrderDesk } from "#agent/commands/order-desk.ts";
import type { OrderDesk } from "#agent/commands/orders.ts";
import type { HoldNotice } from "#agent/commands/hold-file.ts";
import type { OrderDeskEffects, OrderFailPoint } from "#agent/commands/order-effects.ts";
import { openOrderJournalFile } from "#agent/journal/order-journal-file.ts";
import type { Command, CommandOutcome } from "#proto/messages/frames.ts";
import type { HostOrder, OrderAction } from "#proto/messages/orders.ts";
import type { BootId, HostId, OperationId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { FakeHost } from "./fake-host-control.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** One run of an agent's desk for orders over a real folder; a kill leaves folder and host behind. */
export interface OrderRun {
  readonly desk: OrderDesk;
  /** Fail points that were passed, in order. */
  readonly passed: OrderFailPoint[];
  isDead: boolean;
  /** From here on nothing of this run reaches disk or host. */
  kill(): void;
}

export interface OrderWorld {
  readonly clock: VirtualClock;
  readonly folder: string;
  readonly host: FakeHost;
  bootId: BootId;
  hold: HoldNotice | null;
  serial: string | null | undefined;
  hostId: HostId;
  generation: number;
  term: number;
}

export const operationA = "01930000-0000-7000-8000-00000000000a" as OperationId;
export const operationB = "01930000-0000-7000-8000-00000000000b" as OperationId;

export function createOrderWorld(parts: Pick<OrderWorld, "clock" | "folder" | "host">): OrderWorld {
  return {
    ...parts,
    bootId: "b0070000-0000-4000-8000-000000000001" as BootId,
    hold: null,
    serial: "S-1",
    hostId: "01930000-0000-7000-8000-000000000001" as HostId,
    generation: 1,
    term: 1,
  };
}

/** `killAt`: the process ends when it passes that point for the first time. */
export function startOrderRun(world: OrderWorld, killAt: OrderFailPoint | null = null): OrderRun {
  const { clock, host } = world;
  const file = openOrderJournalFile(world.folder);
  const passed: OrderFailPoint[] = [];
  const never = new Promise<never>(() => {});
  /** A dead process neither acts nor hears an answer. */
  const alive =
    <Args extends unknown[], Value>(act: (...args: Args) => Promise<Value>) =>
    (...args: Args): Promise<Value> =>
      run.isDead ? never : act(...args).then((value) => (run.isDead ? never : value));
  const { control } = host;
  const effects: OrderDeskEffects = {
    journal: {
      path: file.path,
      read: file.read,
      write: (facts) => {
        if (run.isDead) throw new Error("killed");
        file.write(facts);
      },
    },
    control: {
      look: alive(control.look),
      fence: alive(control.fence),
      holdFence: alive(control.holdFence),
      evacuate: alive(control.evacuate),
      halt: alive(control.halt),
      release: alive(control.release),
      whyNoReboot: control.whyNoReboot,
      reboot: alive(control.reboot),
    },
    readHold: () => world.hold,
    failPoint: (name) => {
      passed.push(name);
      if (name !== killAt || run.isDead) return;
      run.isDead = true;
      throw new Error(`killed at ${name}`);
    },
    clock,
    log: silentLog,
    bootId: world.bootId,
    hostId: world.hostId,
    generation: world.generation,
    nowMs: clock.nowUnixMs,
    term: () => world.term,
    serial: () => world.serial,
    onProgress: () => {},
  };
  const run: { -readonly [Name in keyof OrderRun]: OrderRun[Name] } = {
    desk: createOrderDesk(effects),
    passed,
    isDead: false,
    kill: () => {
      run.isDead = true;
    },
  };
  void run.desk.resume();
  return run;
}

let commands = 0;

/** Gives an order and lets time pass until it is answered; null: the run died over it. */
export async function give(
  world: OrderWorld,
  run: OrderRun,
  action: OrderAction,
  differs: Partial<HostOrder> & Partial<Pick<Command, "id" | "term" | "expiresMs">> = {},
): Promise<CommandOutcome | null> {
  const { id, term, expiresMs, ...order } = differs;
  commands += 1;
  const asked: HostOrder = {
    operationId: operationA,
    epoch: 1,
    generation: world.generation,
    serial: "S-1",
    action,
    ...order,
  };
  const command: Command = {
    id: id ?? `c-${commands}`,
    term: term ?? world.term,
    expiresMs: expiresMs ?? unixMs(world.clock.nowUnixMs() + 60_000),
    action: { kind: "order", order: asked },
  };
  let outcome: CommandOutcome | null = null;
  void run.desk.carryOut(command, asked).then((value) => {
    outcome = value;
  });
  for (let turn = 0; turn < 200 && outcome === null && !run.isDead; turn += 1) {
    await world.clock.advance(200);
  }
  return run.isDead ? null : outcome;
}
