import { parseFru } from "#agent/collectors/fru.ts";
import { boardsOfFru, suppliesOfFru } from "#agent/collectors/fru-components.ts";
import { parseDcmiPower, parseDcmiReading } from "#agent/collectors/ipmi-dcmi.ts";
import { parseIpmiProblem } from "#agent/collectors/ipmi-problem.ts";
import { powerBySensors } from "#agent/collectors/ipmi-power.ts";
import { fanTurns, judgeRow, marginOf, seriesOfRow } from "#agent/collectors/ipmi-rows.ts";
import { parseSensorText } from "#agent/collectors/ipmi-sensor-text.ts";
import { supplyRedundant, supplyWorks } from "#agent/collectors/ipmi-states.ts";
import { parseBmcChannels, parseMcInfo } from "#agent/collectors/mc-info.ts";
import { parseIpmicfgSummary, parseLanPrint } from "#agent/collectors/mc-lan.ts";
import { parseSelInfo } from "#agent/collectors/sel-info.ts";
import { parseSelList } from "#agent/collectors/sel-list.ts";
import type { RecordingReader } from "../reader.ts";
import { readRecording } from "../recordings-folder.ts";

/** Sensors in any layout, with what our rules make of each. */
function readSensors(text: string): unknown {
  const { layout, rows, skipped } = parseSensorText(text);
  const sensors = rows.map((row) => {
    const series = seriesOfRow(row, 60_000);
    const isTaken = series !== null && row.value !== null && judgeRow(row, 60_000) === null;
    return {
      ...row,
      works: supplyWorks(row),
      redundant: supplyRedundant(row),
      turns: fanTurns(row),
      metric: series?.request.metric ?? null,
      sample: isTaken ? row.value : null,
      margin: marginOf(row),
    };
  });
  const byId = Object.fromEntries(sensors.map((sensor) => [sensor.id, sensor]));
  return { layout, sensors, byId, skipped, hostPower: powerBySensors(rows) };
}

function readErrors(text: string): unknown {
  const { rows } = parseSensorText(text);
  return {
    problem: parseIpmiProblem(text),
    sensors: rows,
    controller: parseMcInfo(text),
    hostPower: powerBySensors(rows),
  };
}

function readDcmi(text: string): unknown {
  const power = parseDcmiPower(text);
  return {
    ...parseDcmiReading(text),
    watts: power.ok ? power.value / 1000 : null,
    refusal: power.ok ? null : power.problem.reason,
  };
}

function readFru(text: string): unknown {
  const units = parseFru(text);
  return { units, supplies: suppliesOfFru(units), boards: boardsOfFru(units) };
}

const of = (matches: RegExp, parse: (text: string) => unknown): RecordingReader => ({
  matches,
  read: (name) => parse(readRecording(name)),
});

export const readers: readonly RecordingReader[] = [
  of(/^ipmi\/.*\/(?:ipmitool-(?:sdr|sensor)|ipmi-sensors|ipmimonitoring)[^/]*$/, readSensors),
  of(/^ipmi\/.*\/ipmitool-errors[^/]*$/, readErrors),
  of(/^ipmi\/.*\/(?:ipmitool-dcmi|ipmi-dcmi)[^/]*$/, readDcmi),
  of(/^ipmi\/.*\/(?:ipmitool-fru|ipmi-fru)[^/]*$/, readFru),
  of(/^ipmi\/.*\/(?:ipmitool-sel-list|ipmi-sel)[^/]*$/, parseSelList),
  of(/^ipmi\/.*\/ipmitool-sel-info[^/]*$/, (text) => ({ log: parseSelInfo(text) })),
  of(/^ipmi\/.*\/(?:ipmitool-mc-info|bmc-info)[^/]*$/, (text) => ({
    controller: parseMcInfo(text),
    channels: parseBmcChannels(text),
  })),
  of(/^ipmi\/.*\/ipmitool-lan-print[^/]*$/, (text) => ({ lan: parseLanPrint(text) })),
  of(/^ipmi\/.*\/ipmicfg-summary[^/]*$/, parseIpmicfgSummary),
];
