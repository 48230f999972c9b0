import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence, Component } from "#proto/messages/state.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { problemOf } from "./absences.ts";
import type { Collector, Discovery, SampleSink } from "./collector.ts";
import { noSupplies, missingKinds } from "./ipmi-missing.ts";
import { readBmcParts } from "./ipmi-parts.ts";
import { ipmiCadenceMs, ipmiSweepCadenceMs } from "./ipmi-power.ts";
import type { IpmiReader } from "./ipmi-reader.ts";
import { judgeRow } from "./ipmi-rows.ts";
import { IpmiSeries } from "./ipmi-series.ts";
import { SelWatch } from "./sel-watch.ts";
import { StickyAbsences } from "./sticky-absences.ts";
import { unlookedParts } from "./unlooked-parts.ts";

export interface IpmiExtent {
  /**
   * `all`: also limits, inventory, controller and event log. `sensors`: what `sdr elist` shows alone,
   * which is what recordings of older releases hold.
   */
  readonly reads: "sensors" | "all";
}

/**
 * The host's own BMC: temperatures and their margins, fans, voltages, watts, whether supplies work and
 * are redundant, what it and the supplies are, how full its event log is. Source: ipmitool over
 * /dev/ipmi0, one call at a time. Discrete rows are never numbers, and margins are never temperatures.
 *
 * Cadence: each call is a child process (37 ms of a core) and a sweep takes a slow BMC up to 40 s, so
 * a step of 10 s has one short call (power) and at most one other: the sweep of the sensors, that of
 * the states, the log, each once a minute in a step of its own. Facts are asked again after six hours.
 */
export function createIpmiCollector(
  source: HardwareSource,
  sink: SampleSink,
  reader: IpmiReader,
  { reads }: IpmiExtent = { reads: "sensors" },
): Collector {
  const found = new StickyAbsences();
  const collected = new StickyAbsences();
  const series = new IpmiSeries(sink);
  const log = new SelWatch(reader, sink);
  let isPresent = false;
  let isBusy = false;
  let discoveries = 0;
  let parts: { readonly components: readonly Component[]; readonly absences: readonly Absence[] } =
    {
      components: [],
      absences: [],
    };
  const dueAt = { sensors: Number.NEGATIVE_INFINITY, states: 0, log: 0 };

  const look = async (): Promise<readonly Absence[]> => {
    const swept = await reader.latestSensors();
    const states = await reader.latestStates();
    const absences = [swept, states].flatMap((read) => (read.ok ? [] : [read.problem]));
    if (states.ok) series.declareStates(states.value);
    if (swept.ok) {
      series.declare(swept.value);
      absences.push(...swept.value.flatMap((row) => judgeRow(row, ipmiSweepCadenceMs) ?? []));
      absences.push(...missingKinds(source, swept.value));
    }
    if (states.ok && !series.hasSupplies) absences.push(noSupplies());
    return absences;
  };

  /** Facts that a person changes with a screwdriver. */
  const lookAtFacts = async (): Promise<readonly Absence[]> => {
    const isDue = discoveries % factsEvery === 1 || parts.components.length === 0;
    if (reads !== "all" || !isDue) return parts.absences;
    const limits = await reader.readLimits();
    if (limits.ok) series.learnLimits(limits.value);
    parts = await readBmcParts(reader);
    return limits.ok ? parts.absences : [limits.problem, ...parts.absences];
  };

  const putStates = async (): Promise<readonly Absence[]> => {
    const states = await reader.readStates();
    if (!states.ok) return [states.problem];
    series.putStates(states.value);
    return [];
  };

  /** The one sweep that this step has room for; the first step has room for two. */
  const sweepDue = async (at: MonotonicMs): Promise<readonly Absence[]> => {
    if (at >= dueAt.sensors) {
      const isFirst = dueAt.sensors === Number.NEGATIVE_INFINITY;
      dueAt.sensors = at + ipmiSweepCadenceMs - slackMs;
      const swept = await reader.readSensors();
      const absences = swept.ok ? series.put(swept.value) : [swept.problem];
      if (!isFirst) return absences;
      dueAt.states = dueAt.sensors;
      return [...absences, ...(await putStates())];
    }
    if (at >= dueAt.states) {
      dueAt.states = at + ipmiSweepCadenceMs - slackMs;
      return putStates();
    }
    if (reads !== "all" || at < dueAt.log) return [];
    dueAt.log = at + ipmiSweepCadenceMs - slackMs;
    return log.look();
  };

  return {
    subject: "ipmi",
    cadenceMs: ipmiCadenceMs,
    async discover(): Promise<Discovery> {
      const missing = reader.deviceAbsence("hw.power_supply.status");
      isPresent = missing === null;
      // A device that went away took no part with it: it may be the BMC that starts anew.
      if (missing !== null) {
        const kinds = [...new Set(parts.components.map(({ kind }) => kind))];
        return { absences: [missing, ...unlookedParts(kinds, missing)] };
      }
      discoveries += 1;
      reader.forgetPowerWay();
      const absences = [...(await look()), ...(await lookAtFacts())];
      const { components } = parts;
      const identity = components.length === 0 ? {} : { identity: { components } };
      return { absences: found.hold(absences), ...identity };
    },
    async collect(at) {
      if (!isPresent || isBusy) return null;
      isBusy = true;
      try {
        const absences: Absence[] = [...(await sweepDue(at))];
        const power = await reader.readPower();
        if (!power.ok) absences.push(power.problem);
        return problemOf(collected.hold(absences));
      } finally {
        isBusy = false;
      }
    },
    close: () => {},
  };
}

/** A reading that is due within this time is taken: steps come a little early or late. */
const slackMs = ipmiCadenceMs / 2;
/** Looking around every ten minutes: facts every six hours. */
const factsEvery = 36;
