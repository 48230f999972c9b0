import type { HardwareSource, ToolAnswer } from "#agent/hardware/hardware-source.ts";
import type { Absence, SelEntry } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { absent, absentByTool } from "./absences.ts";
import { type FruUnit, parseFru } from "./fru.ts";
import { type FruGaps, findFruGaps } from "./fru-gaps.ts";
import { IpmiBackoff } from "./ipmi-backoff.ts";
import { parseDcmiPower } from "./ipmi-dcmi.ts";
import { type BmcPower, powerBySensors } from "./ipmi-power.ts";
import { parseIpmiProblem } from "./ipmi-problem.ts";
import { parseSdrElist } from "./ipmi-sdr.ts";
import { parseSdrCsv } from "./ipmi-sdr-csv.ts";
import type { IpmiSensor } from "./ipmi-sensor.ts";
import { type BmcController, parseMcInfo } from "./mc-info.ts";
import { parseLanPrint } from "./mc-lan.ts";
import { parseSelInfo, type SelInfo } from "./sel-info.ts";
import { parseSelList } from "./sel-list.ts";
import type { Virtualization } from "./virtualization.ts";

/**
 * The host's own BMC through /dev/ipmi0, by ipmitool. One call at a time: BMCs lock up under more.
 * After a call that ran out of time nothing is asked for a while (ipmi-backoff.ts): the answer is then
 * the absence, at once. Shared by all collectors that ask the BMC, so that each thing is asked once.
 */
export class IpmiReader {
  readonly #source: HardwareSource;
  readonly #virtualization: () => Virtualization;
  readonly #backoff: IpmiBackoff;
  #tail: Promise<unknown> = Promise.resolve();
  #sensors: readonly IpmiSensor[] = [];
  #states: readonly IpmiSensor[] = [];
  /** null until the first answer; then whether DCMI is worth asking. */
  #hasDcmi: boolean | null = null;
  #power: BmcPower | null = null;
  #powerReadings = 0;
  /** Sweeps so far, and that of which the power by sensors was taken. */
  #sweeps = 0;
  #sweepTaken = 0;

  /** Without a clock there is no backoff: for looking once. */
  constructor(
    source: HardwareSource,
    virtualization: () => Virtualization,
    clock: Pick<Clock, "nowMonotonicMs"> | null = null,
  ) {
    this.#source = source;
    this.#virtualization = virtualization;
    this.#backoff = new IpmiBackoff(clock);
  }

  /** null: there is a device to talk to. */
  deviceAbsence(what: string): Absence | null {
    const listed = this.#source.listDirectory("/sys/class/ipmi");
    if (listed.ok && listed.value.length > 0) return null;
    return absent({
      what,
      reason:
        this.#virtualization().kind === "virtual" ? "hidden-by-hypervisor" : "no-kernel-interface",
      detail: "/sys/class/ipmi: no BMC in-band; where there is one: modprobe ipmi_si ipmi_devintf",
    });
  }

  /** Sensors with a number, and the absence of all of them where the BMC gives none. */
  readSensors(): Promise<Result<readonly IpmiSensor[], Absence>> {
    return this.#oneAtATime(() => this.#sweep());
  }

  /** Discrete states, such as those of the power supplies. */
  readStates(): Promise<Result<readonly IpmiSensor[], Absence>> {
    return this.#oneAtATime(async () => {
      const what = "hw.power_supply.status";
      const read = await this.#run(what, ["sdr", "elist", "compact"], sweepTimeoutMs);
      if (!read.ok) return read;
      this.#states = parseSdrElist(read.value.stdout).rows;
      return ok(this.#states);
    });
  }

  /** The last sweep's sensors; a first sweep where there was none. */
  latestSensors(): Promise<Result<readonly IpmiSensor[], Absence>> {
    return this.#sensors.length > 0 ? Promise.resolve(ok(this.#sensors)) : this.readSensors();
  }

  latestStates(): Promise<Result<readonly IpmiSensor[], Absence>> {
    return this.#states.length > 0 ? Promise.resolve(ok(this.#states)) : this.readStates();
  }

  /** The limits of the sensors with a number, as the SDR holds them; rows without sensor numbers. */
  async readLimits(): Promise<Result<readonly IpmiSensor[], Absence>> {
    const args = ["-c", "-v", "sdr", "list", "full"];
    const read = await this.#ask("hw.temperature.margin", args, sweepTimeoutMs);
    return read.ok ? ok(parseSdrCsv(read.value.stdout).rows) : read;
  }

  /** The inventory records, and what their listing leaves open. */
  async readFru(): Promise<
    Result<{ readonly units: readonly FruUnit[]; readonly gaps: FruGaps }, Absence>
  > {
    const read = await this.#ask("components.psu", ["fru", "print"], sweepTimeoutMs, true);
    if (!read.ok) return read;
    const units = parseFru(read.value.stdout);
    return ok({ units, gaps: findFruGaps(units, read.value) });
  }

  /** What the BMC is, and the address of its own port where it tells one. */
  async readController(): Promise<
    Result<{ readonly controller: BmcController; readonly address: string | null }, Absence>
  > {
    const read = await this.#ask("components.bmc", ["mc", "info"], callTimeoutMs);
    if (!read.ok) return read;
    const controller = parseMcInfo(read.value.stdout);
    if (controller === null) return fail(unreadable("components.bmc", "mc info"));
    const lan = await this.#ask("components.bmc", ["lan", "print"], callTimeoutMs, true);
    const port = lan.ok ? parseLanPrint(lan.value.stdout) : null;
    return ok({ controller, address: port?.mac ?? port?.address ?? null });
  }

  async readSelInfo(): Promise<Result<SelInfo, Absence>> {
    const read = await this.#ask("wws.bmc.sel.usage", ["sel", "info"], callTimeoutMs);
    if (!read.ok) return read;
    const info = parseSelInfo(read.value.stdout);
    return info === null ? fail(unreadable("wws.bmc.sel.usage", "sel info")) : ok(info);
  }

  /** The last entries of the event log, in its own order. Times are in UTC (`-Z` is not everywhere). */
  async readSelEntries(count = selEntriesAsked): Promise<Result<readonly SelEntry[], Absence>> {
    const args = ["sel", "list", "last", String(count)];
    const read = await this.#ask("boot.sel", args, sweepTimeoutMs);
    return read.ok ? ok(parseSelList(read.value.stdout).entries) : read;
  }

  /** By DCMI, or by a sensor of the last sweep where the BMC has no DCMI. */
  readPower(): Promise<Result<BmcPower, Absence>> {
    return this.#oneAtATime(async () => {
      if (this.#hasDcmi !== false) {
        const read = await this.#run("hw.host.power", ["dcmi", "power", "reading"], callTimeoutMs);
        const parsed = read.ok ? parseDcmiPower(read.value.stdout) : null;
        // A BMC that said nothing at all may have DCMI all the same.
        if (read.ok || read.problem.reason !== "timed-out") this.#hasDcmi ??= parsed?.ok === true;
        if (parsed?.ok) return ok(this.#notePower({ source: "dcmi", milliwatts: parsed.value }));
        this.#power = null;
        if (!read.ok && read.problem.reason === "timed-out") return read;
        if (this.#hasDcmi) {
          if (!read.ok) return read;
          if (parsed !== null) return fail(absent({ what: "hw.host.power", ...parsed.problem }));
        }
      }
      if (this.#sensors.length === 0) await this.#sweep();
      const bySensors = powerBySensors(this.#sensors);
      // Of one sweep one figure: the same again is no second reading.
      if (bySensors !== null && this.#sweepTaken === this.#sweeps)
        return ok(this.#power ?? bySensors);
      this.#sweepTaken = this.#sweeps;
      if (bySensors !== null) return ok(this.#notePower(bySensors));
      this.#power = null;
      return fail(
        absent({
          what: "hw.host.power",
          reason: "not-supported",
          detail:
            "the BMC answers neither `ipmitool dcmi power reading` nor has a sensor in watts for the host",
        }),
      );
    });
  }

  /** Asks again whether there is DCMI: it may have been switched on. */
  forgetPowerWay(): void {
    if (this.#hasDcmi === false) this.#hasDcmi = null;
  }

  /** The latest figure, and how many there have been: a caller takes each once. */
  get latestPower(): { readonly power: BmcPower | null; readonly reading: number } {
    return { power: this.#power, reading: this.#powerReadings };
  }

  async #sweep(): Promise<Result<readonly IpmiSensor[], Absence>> {
    const read = await this.#run("hw.temperature", ["sdr", "elist", "full"], sweepTimeoutMs);
    if (!read.ok) return read;
    const { rows, skipped } = parseSdrElist(read.value.stdout);
    if (rows.length === 0) return fail(noRows("hw.temperature", skipped, read.value));
    this.#sensors = rows;
    this.#sweeps += 1;
    return ok(rows);
  }

  #notePower<Power extends BmcPower | null>(power: Power): Power {
    this.#power = power;
    this.#powerReadings += 1;
    return power;
  }

  #oneAtATime<Value>(call: () => Promise<Value>): Promise<Value> {
    const mine = this.#tail.then(call, call);
    // The next caller waits for the end of this one, however it ends.
    this.#tail = mine.then(noted, noted);
    return mine;
  }

  #ask(
    what: string,
    args: readonly string[],
    timeoutMs: number,
    isPartGood = false,
  ): Promise<Result<ToolAnswer, Absence>> {
    return this.#oneAtATime(() => this.#run(what, args, timeoutMs, isPartGood));
  }

  /** `isPartGood`: what is on stdout counts even where the tool ends with an error. */
  async #run(
    what: string,
    args: readonly string[],
    timeoutMs: number,
    isPartGood = false,
  ): Promise<Result<ToolAnswer, Absence>> {
    const waiting = this.#backoff.absence(what);
    if (waiting !== null) return fail(waiting);
    const answer = await this.#source.runTool({ tool: "ipmitool", args, timeoutMs });
    if (!answer.ok) {
      if (answer.problem.kind === "timed-out") this.#backoff.noteTimeout();
      return fail(absentByTool(what, answer.problem, "ipmitool"));
    }
    const { exitCode, stdout, stderr } = answer.value;
    if (exitCode === 0 || (isPartGood && stdout.trim() !== "")) {
      this.#backoff.noteAnswer();
      return answer;
    }
    const problem = parseIpmiProblem(stderr);
    if (problem?.reason === "timed-out") this.#backoff.noteTimeout();
    else this.#backoff.noteAnswer();
    const said = problem?.detail ?? stderr.trim().split("\n").at(-1) ?? "";
    return fail(
      absent({
        what,
        reason: problem?.reason ?? "tool-failed",
        detail: `ipmitool ${args.join(" ")} ended with ${exitCode}: ${said}`,
      }),
    );
  }
}

function noRows(what: string, skipped: number, answer: ToolAnswer): Absence {
  const said = answer.stderr.trim().slice(0, 80);
  return absent({
    what,
    reason: skipped > 0 ? "unreadable-text" : "not-supported",
    detail: `ipmitool sdr elist full: no sensors${said === "" ? "" : `: ${said}`}`,
  });
}

function unreadable(what: string, command: string): Absence {
  const detail = `ipmitool ${command}: not in a form this agent knows`;
  return absent({ what, reason: "unreadable-text", detail });
}

function noted(): void {}

/** A sweep over the sensors of a slow BMC takes up to 40 s. */
const sweepTimeoutMs = 45_000;
const callTimeoutMs = 10_000;
const selEntriesAsked = 64;
