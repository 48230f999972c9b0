import type { OrderAnswer } from "#fleet/executor/host-port.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import type { HostOrder, OrderEvidence, OrderProgress, Workload } from "#proto/messages/orders.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { Seen } from "../invariants/seen.ts";
import { bootIdOf } from "./make-estate.ts";

/** What a host is told, with whose word it is and for how long. */
export interface Command {
  readonly term: number;
  readonly order: HostOrder;
  readonly sentMs: number;
  readonly expiresMs: number;
  /** How far the wall clock of who sent it is from the world's: hosts reckon by that clock. */
  readonly wallMs: number;
}

export interface ServerWorkload {
  isRunning: boolean;
  /** A graceful stop takes this long; Infinity: it refuses to stop. */
  stopMs: number;
  /** By an evacuation, so that a release may start it again. */
  wasStopped: boolean;
}

export interface ServerWorld {
  nowMs(): number;
  after(delayMs: number, run: () => void): void;
  see(seen: Seen): void;
  /** It tells how its evacuation gets on; whether that arrives is the network's. */
  tell(server: SimulatedServer, progress: OrderProgress): void;
  /** It goes down, by an order. */
  goDown(server: SimulatedServer): void;
}

/**
 * One server with its agent, as cheap as can be: what the messages of an agent describe, and no more.
 * What it remembers (fence, epoch, term, orders done) outlives its restarts.
 */
export class SimulatedServer {
  readonly id: HostId;
  readonly number: number;
  readonly serial: string;
  isOn = true;
  /** Its agent does not answer; what runs goes on. */
  isHung = false;
  isFenced = false;
  term = 0;
  epoch = 0;
  generation = 1;
  boot = 1;
  verdict: Verdict = "ok";
  /** It has a hold file: it does nothing that is ordered, until then. */
  refusesUntilMs = 0;
  readonly workloads = new Map<string, ServerWorkload>();
  readonly #world: ServerWorld;
  readonly #answers = new Map<string, OrderAnswer>();
  #evacuation: {
    readonly order: HostOrder;
    readonly wallMs: number;
    state: "running" | "ended";
  } | null = null;

  constructor(id: HostId, number: number, world: ServerWorld) {
    this.id = id;
    this.number = number;
    this.serial = `SN${number}`;
    this.#world = world;
  }

  get bootId(): string {
    return bootIdOf(this.number, this.boot);
  }

  get answers(): boolean {
    return this.isOn && !this.isHung;
  }

  /** A name that says whose workload it is. */
  nameOf(what: string): string {
    return `h${this.number}/${what}`;
  }

  running(): readonly string[] {
    const names: string[] = [];
    for (const [name, { isRunning }] of this.workloads)
      if (isRunning && this.isOn) names.push(name);
    return names;
  }

  /** Begins new work; a fenced host takes none. */
  begin(name: string, stopMs: number): boolean {
    if (this.isFenced || !this.isOn) return false;
    this.workloads.set(name, { isRunning: true, stopMs, wasStopped: false });
    this.show();
    return true;
  }

  end(name: string): void {
    if (this.workloads.delete(name)) this.show();
  }

  powerOff(): void {
    this.isOn = false;
    this.isHung = false;
    this.show();
  }

  powerOn(): void {
    this.isOn = true;
    this.isHung = false;
    this.boot += 1;
    // What was under way on the host is begun again by its order, or never.
    if (this.#evacuation?.state === "running") {
      const { order, wallMs } = this.#evacuation;
      this.#evacuate(order, wallMs);
    }
    this.show();
  }

  setVerdict(verdict: Verdict): void {
    this.verdict = verdict;
    this.show();
  }

  show(): void {
    this.#world.see({
      kind: "host-is",
      atMs: this.#world.nowMs(),
      hostId: this.id,
      isOn: this.isOn,
      isFenced: this.isFenced,
      running: this.running(),
      verdict: this.verdict,
      bootId: this.bootId,
    });
  }

  /** An order arrives: judged by what this host itself knows, done at most once, answered. */
  take(command: Command): OrderAnswer {
    const { order, term, sentMs } = command;
    const before = { seenTerm: this.term, seenEpoch: this.epoch };
    const facts = { atMs: this.#world.nowMs(), hostId: this.id, term, order, sentMs, ...before };
    const why = this.#whyNot(command);
    if (why !== null) {
      this.#world.see({ kind: "told", ...facts, result: "refused" });
      return { result: "refused", detail: why, evidence: this.#evidence() };
    }
    this.term = Math.max(this.term, term);
    if (order.epoch > this.epoch) {
      if (this.#evacuation?.state === "running") this.#evacuation.state = "ended";
      this.epoch = order.epoch;
    }
    const key = `${order.operationId} ${order.epoch} ${JSON.stringify(order.action)}`;
    const known = order.action.kind === "prove-empty" ? undefined : this.#answers.get(key);
    if (known !== undefined) {
      this.#world.see({ kind: "told", ...facts, result: "repeated" });
      return { ...known, evidence: this.#evidence() };
    }
    this.#world.see({ kind: "told", ...facts, result: "done" });
    this.#world.see({ kind: "did", ...facts });
    this.#act(command);
    const answer: OrderAnswer = { result: "done", detail: "", evidence: this.#evidence() };
    if (order.action.kind !== "prove-empty") this.#answers.set(key, answer);
    return answer;
  }

  #whyNot({ order, term, expiresMs }: Command): string | null {
    const { action } = order;
    if (term < this.term) return `term ${term} is over: this host has seen term ${this.term}`;
    if (expiresMs <= this.#world.nowMs()) return "it came after its time was over";
    if (order.generation !== this.generation) return "it is for another generation";
    if (order.serial !== null && order.serial !== this.serial) return "it is for another serial";
    if (order.epoch < this.epoch)
      return `epoch ${order.epoch} is over: this host has seen epoch ${this.epoch}`;
    const passes = action.kind === "prove-empty" || action.kind === "halt-evacuation";
    return this.refusesUntilMs > this.#world.nowMs() && !passes
      ? "held by a file on the host"
      : null;
  }

  #act(command: Command): void {
    const { order } = command;
    const { action } = order;
    switch (action.kind) {
      case "fence":
        this.isFenced = true;
        break;
      case "evacuate":
        this.#evacuate(order, command.wallMs);
        break;
      case "halt-evacuation":
        if (this.#evacuation !== null) this.#evacuation.state = "ended";
        break;
      case "release":
        if (this.#evacuation !== null) this.#evacuation.state = "ended";
        this.isFenced = false;
        for (const workload of this.workloads.values()) {
          if (action.restart && workload.wasStopped) workload.isRunning = true;
          workload.wasStopped = false;
        }
        break;
      case "reboot":
        this.#world.after(5_000, () => this.#world.goDown(this));
        return;
      default:
        return;
    }
    this.show();
  }

  #evacuate(order: HostOrder, wallMs: number): void {
    const { action } = order;
    if (action.kind !== "evacuate") return;
    const mine = { order, wallMs, state: "running" as "running" | "ended" };
    this.#evacuation = mine;
    const isMine = (): boolean =>
      this.#evacuation === mine && mine.state === "running" && this.isOn;
    const stop = (workload: ServerWorkload): void => {
      workload.isRunning = false;
      workload.wasStopped = true;
    };
    const finish = (): void => {
      mine.state = "ended";
      this.#tell(mine.order, "ended");
    };
    for (const workload of this.workloads.values()) {
      if (!workload.isRunning || !Number.isFinite(workload.stopMs)) continue;
      this.#world.after(workload.stopMs, () => {
        if (!isMine() || !workload.isRunning) return;
        stop(workload);
        this.show();
        if (this.running().length === 0) finish();
        else this.#tell(mine.order, "running");
      });
    }
    const leftMs = action.deadlineMs - wallMs - this.#world.nowMs();
    this.#world.after(Math.max(0, leftMs), () => {
      if (!isMine()) return;
      if (action.force)
        for (const workload of this.workloads.values()) if (workload.isRunning) stop(workload);
      this.show();
      finish();
    });
  }

  #tell(order: HostOrder, state: OrderProgress["state"]): void {
    if (!this.answers) return;
    this.#world.tell(this, {
      operationId: order.operationId,
      epoch: order.epoch,
      state,
      workloads: this.#workloads(),
      observedMs: unixMs(this.#world.nowMs()),
    });
  }

  #workloads(): readonly Workload[] {
    return [...this.workloads].map(([name, { isRunning }]) => ({
      name,
      state: isRunning
        ? this.#evacuation?.state === "running"
          ? "stopping"
          : "running"
        : "stopped",
      detail: "",
    }));
  }

  #evidence(): OrderEvidence {
    return {
      epoch: this.epoch,
      isFenced: this.isFenced,
      workloads: this.#workloads(),
      tenantMounts: [],
      unasked: [],
      observedMs: unixMs(this.#world.nowMs()),
    };
  }
}
