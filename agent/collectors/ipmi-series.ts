import type { Absence } from "#proto/messages/state.ts";
import type { SampleSink, SeriesHandle, SeriesRequest } from "./collector.ts";
import { ipmiSweepCadenceMs } from "./ipmi-power.ts";
import {
  fanTurns,
  judgeRow,
  marginOf,
  marginSeries,
  seriesOfRow,
  stateSeries,
} from "./ipmi-rows.ts";
import type { IpmiSensor, SensorLimits } from "./ipmi-sensor.ts";
import { isSupply, supplyRedundant, supplyWorks } from "./ipmi-states.ts";

/** The series of a BMC's sensors: declared as sensors show themselves, set by each sweep. */
export class IpmiSeries {
  readonly #sink: SampleSink;
  /** By what is told and the row's id. */
  readonly #handles = new Map<string, SeriesHandle>();
  #limits: ReadonlyMap<string, SensorLimits> = new Map();

  constructor(sink: SampleSink) {
    this.#sink = sink;
  }

  get hasSupplies(): boolean {
    return [...this.#handles.keys()].some((key) => key.startsWith("works "));
  }

  /** Rows with limits; matched by name and place, where both tell one sensor from all others. */
  learnLimits(rows: readonly IpmiSensor[]): void {
    const limits = new Map<string, SensorLimits>();
    const seen = new Set<string>();
    for (const row of rows) {
      const key = placeOf(row);
      if (seen.has(key)) limits.delete(key);
      else if (row.limits !== null) limits.set(key, row.limits);
      seen.add(key);
    }
    this.#limits = limits;
  }

  /** Series of those sensors whose numbers can be taken now; others stay as they are. */
  declare(rows: readonly IpmiSensor[]): void {
    for (const row of rows) {
      const series = seriesOfRow(row, ipmiSweepCadenceMs);
      if (series !== null && row.value !== null && judgeRow(row, ipmiSweepCadenceMs) === null) {
        this.#handle(`value ${row.id}`, series.request);
      }
      if (fanTurns(row, this.#limitsOf(row)) !== null)
        this.#handle(`turns ${row.id}`, stateSeries("hw.fan.status", row, ipmiSweepCadenceMs));
      if (marginOf(row, this.#limitsOf(row)) !== null)
        this.#handle(`margin ${row.id}`, marginSeries(row, ipmiSweepCadenceMs));
    }
  }

  declareStates(rows: readonly IpmiSensor[]): void {
    for (const row of rows) {
      if (supplyWorks(row) !== null)
        this.#handle(
          `works ${row.id}`,
          stateSeries("hw.power_supply.status", row, ipmiSweepCadenceMs),
        );
      if (supplyRedundant(row) !== null)
        this.#handle(
          `redundant ${row.id}`,
          stateSeries("hw.power_supply.redundant", row, ipmiSweepCadenceMs),
        );
    }
  }

  /** Sets what a sweep showed; tells what cannot be taken. */
  put(rows: readonly IpmiSensor[]): readonly Absence[] {
    this.declare(rows);
    const absences: Absence[] = [];
    for (const row of rows) {
      const limits = this.#limitsOf(row);
      const turns = fanTurns(row, limits);
      if (turns !== null) this.#set(`turns ${row.id}`, turns ? 1 : 0);
      const margin = marginOf(row, limits);
      if (margin !== null) this.#set(`margin ${row.id}`, Math.round(margin * 10));
      const problem = judgeRow(row, ipmiSweepCadenceMs);
      if (problem !== null) absences.push(problem);
      const series = seriesOfRow(row, ipmiSweepCadenceMs);
      if (problem === null && series !== null && row.value !== null)
        this.#set(`value ${row.id}`, series.integer(row.value));
    }
    return absences;
  }

  /**
   * Sets the states. A supply that was there and of which nothing is asserted any more was pulled out:
   * that is no working supply, while a bay that was always empty is none at all.
   */
  putStates(rows: readonly IpmiSensor[]): void {
    this.declareStates(rows);
    for (const row of rows) {
      const isGone = isSupply(row) && row.status !== "ns" && row.states?.length === 0;
      const works = supplyWorks(row) ?? (isGone ? false : null);
      if (works !== null) this.#set(`works ${row.id}`, works ? 1 : 0);
      const redundant = supplyRedundant(row);
      if (redundant !== null) this.#set(`redundant ${row.id}`, redundant ? 1 : 0);
    }
  }

  #limitsOf(row: IpmiSensor): SensorLimits | null {
    return row.limits ?? this.#limits.get(placeOf(row)) ?? null;
  }

  #handle(key: string, request: SeriesRequest): void {
    if (!this.#handles.has(key)) this.#handles.set(key, this.#sink.declare(request));
  }

  #set(key: string, integer: number): void {
    const handle = this.#handles.get(key);
    if (handle !== undefined) this.#sink.set(handle, integer);
  }
}

function placeOf({ name, entity, instance }: IpmiSensor): string {
  return `${name}@${entity}.${instance}`;
}
