import type { HardwareSource, ToolAnswer } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Milliwatts } from "#proto/vocabulary/units.ts";
import { absent, absentByTool } from "./absences.ts";
import { hostWattsMax, parseDcmiPower } from "./ipmi-dcmi.ts";
import { isHostPowerRow, isSupplyInputRow, parseSdrElist } from "./ipmi-sdr.ts";
import type { IpmiSensor } from "./ipmi-sensor.ts";
import type { Virtualization } from "./virtualization.ts";

/** What the host draws as its own BMC says, and by which way. */
export interface BmcPower {
  readonly source: "dcmi" | "ipmi-sensor" | "ipmi-psu-input";
  readonly milliwatts: Milliwatts;
}

/**
 * The host's own BMC through /dev/ipmi0, by ipmitool. One call at a time: BMCs lock up under more.
 * Shared by the ipmi and the power collector, so that each thing is asked once.
 */
export class IpmiReader {
  readonly #source: HardwareSource;
  readonly #virtualization: () => Virtualization;
  #tail: Promise<unknown> = Promise.resolve();
  #sensors: readonly IpmiSensor[] = [];
  #states: readonly IpmiSensor[] = [];
  /** null until the first answer; then whether DCMI is worth asking. */
  #hasDcmi: boolean | null = null;
  #power: BmcPower | null = null;
  #powerReadings = 0;

  constructor(source: HardwareSource, virtualization: () => Virtualization) {
    this.#source = source;
    this.#virtualization = virtualization;
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

  /** By DCMI, or by a sensor of the last sweep where the BMC has no DCMI. */
  readPower(): Promise<Result<BmcPower, Absence>> {
    return this.#oneAtATime(async () => {
      if (this.#hasDcmi !== false) {
        const read = await this.#run("hw.host.power", ["dcmi", "power", "reading"], callTimeoutMs);
        const parsed = read.ok ? parseDcmiPower(read.value.stdout) : null;
        this.#hasDcmi ??= parsed?.ok === true;
        if (parsed?.ok) return ok(this.#notePower({ source: "dcmi", milliwatts: parsed.value }));
        this.#power = null;
        if (this.#hasDcmi) {
          if (!read.ok) return read;
          if (parsed !== null) return fail(absent({ what: "hw.host.power", ...parsed.problem }));
        }
      }
      if (this.#sensors.length === 0) await this.#sweep();
      const bySensors = powerBySensors(this.#sensors);
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

  async #run(
    what: string,
    args: readonly string[],
    timeoutMs: number,
  ): Promise<Result<ToolAnswer, Absence>> {
    const answer = await this.#source.runTool({ tool: "ipmitool", args, timeoutMs });
    if (!answer.ok) return fail(absentByTool(what, answer.problem, "ipmitool"));
    if (answer.value.exitCode === 0) return answer;
    const said = answer.value.stderr.trim().split("\n").at(-1) ?? "";
    const reason = /permission denied/i.test(said)
      ? "permission-denied"
      : /invalid command|not supported/i.test(said)
        ? "not-supported"
        : "tool-failed";
    return fail(
      absent({
        what,
        reason,
        detail: `ipmitool ${args.join(" ")} ended with ${answer.value.exitCode}: ${said}`,
      }),
    );
  }
}

/** A sensor of the whole host, else the sum of what all supplies take. */
export function powerBySensors(rows: readonly IpmiSensor[]): BmcPower | null {
  const host = rows.find((row) => isHostPowerRow(row) && isHostWatts(row.value));
  if (host?.value != null) return { source: "ipmi-sensor", milliwatts: milliwattsOf(host.value) };
  const inputs = rows.filter(isSupplyInputRow);
  // A supply without a reading would make the sum too small; it is left out only when it is not there.
  const seen = inputs.filter((row) => row.status !== "ns" && row.value !== null);
  const sum = seen.reduce((total, row) => total + (row.value ?? 0), 0);
  return isHostWatts(sum) ? { source: "ipmi-psu-input", milliwatts: milliwattsOf(sum) } : null;
}

function isHostWatts(watts: number | null): boolean {
  return watts !== null && watts >= 1 && watts <= hostWattsMax;
}

function milliwattsOf(watts: number): Milliwatts {
  return Math.round(watts * 1000) as Milliwatts;
}

function noRows(what: string, skipped: number, answer: ToolAnswer): Absence {
  const said = answer.stderr.trim().slice(0, 80);
  return absent({
    what,
    reason: skipped > 0 ? "unreadable-text" : "not-supported",
    detail: `ipmitool sdr elist full: no sensors${said === "" ? "" : `: ${said}`}`,
  });
}

function noted(): void {}

/** A sweep over the sensors of a slow BMC takes up to 40 s. */
const sweepTimeoutMs = 45_000;
const callTimeoutMs = 10_000;
