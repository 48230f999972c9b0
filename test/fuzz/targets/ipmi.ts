import { parseFru } from "#agent/collectors/fru.ts";
import { boardsOfFru, suppliesOfFru } from "#agent/collectors/fru-components.ts";
import { findFruGaps } from "#agent/collectors/fru-gaps.ts";
import { parseFreeIpmiSensors } from "#agent/collectors/ipmi-freeipmi.ts";
import { parseDcmiPower, parseDcmiReading } from "#agent/collectors/ipmi-dcmi.ts";
import { parseIpmiProblem } from "#agent/collectors/ipmi-problem.ts";
import { powerBySensors } from "#agent/collectors/ipmi-power.ts";
import { fanTurns, judgeRow, marginOf, seriesOfRow } from "#agent/collectors/ipmi-rows.ts";
import { parseSdrElist, parseSdrTable, parseSensorTable } from "#agent/collectors/ipmi-sdr.ts";
import { parseSdrBlocks } from "#agent/collectors/ipmi-sdr-blocks.ts";
import { parseSdrCsv } from "#agent/collectors/ipmi-sdr-csv.ts";
import type { SensorTable } from "#agent/collectors/ipmi-sensor.ts";
import { supplyRedundant, supplyWorks } from "#agent/collectors/ipmi-states.ts";
import { parseBmcChannels, parseMcInfo } from "#agent/collectors/mc-info.ts";
import { parseIpmicfgSummary, parseLanPrint } from "#agent/collectors/mc-lan.ts";
import { parseSelInfo } from "#agent/collectors/sel-info.ts";
import { parseSelList } from "#agent/collectors/sel-list.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

const sensors = /^ipmi\/.*\/(?:ipmitool-(?:sdr|sensor)|ipmi-sensors|ipmimonitoring)[^/]*$/;

/** A layout, and all that our rules make of its rows. */
function sensorTarget(
  name: string,
  sample: string,
  parse: (text: string) => SensorTable,
): FuzzTarget {
  return {
    name,
    samples: () => [sample],
    recordings: sensors,
    parse(text) {
      const { rows, skipped } = parse(text);
      return {
        skipped,
        power: powerBySensors(rows),
        rows: rows.map((row) => ({
          ...row,
          works: supplyWorks(row),
          redundant: supplyRedundant(row),
          turns: fanTurns(row),
          margin: marginOf(row),
          metric: seriesOfRow(row, 1)?.request.metric ?? null,
          problem: judgeRow(row, 1),
        })),
      };
    },
  };
}

const blocks = `Sensor ID              : CPU Temp (0x1)
 Entity ID             : 3.1 (Processor)
 Sensor Type (Threshold)  : Temperature (0x01)
 Sensor Reading        : 34 (+/- 0) % degrees C
 Status                : Upper Critical
 Upper critical        : 30.000

Sensor ID              : PSU1 Status (0xe0)
 Entity ID             : 10.1 (Power Supply)
 Sensor Type (Discrete): Power Supply (0x08)
 Sensor Reading        : 3h
 States Asserted       : Power Supply
                         [Presence detected]
                         [Failure detected]
`;

const fru = `FRU Device Description : PS1 (ID 1)
 Board Mfg Date        : Sat Mar 28 23:17:00 2020
 Board Mfg             : ACME
 Board Product         : PSU 750
 Board Serial          : S1
 Board Part Number     : P1

FRU Device Description : OEM fru (ID 17)
 Device not present (Timeout)
`;

const sel = `   1 | 10/26/2025 | 20:17:30 | Power Supply #0x51 | Power Supply AC lost | Asserted
   2 |  Pre-Init  |0000000015| Power Unit #0x02 | Fully Redundant | Deasserted
   a | OEM record df | 000137 | 010203
`;

const text = (
  name: string,
  sample: string,
  recordings: RegExp | null,
  parse: (text: string) => unknown,
): FuzzTarget => ({ name, samples: () => [sample], recordings, parse });

export const targets: readonly FuzzTarget[] = [
  sensorTarget(
    "parseSdrElist",
    "Inlet Temp | 05h | ok | 7.1 | 23 degrees C\nStatus | 85h | ok | 10.1 | Presence detected, Failure detected\n",
    parseSdrElist,
  ),
  sensorTarget(
    "parseSdrTable",
    "Fan 1 | 33.32 percent | ok\nPower Supply 1 | 0x03 | ok\nTemp 18 | disabled | ns\n",
    parseSdrTable,
  ),
  sensorTarget(
    "parseSensorTable",
    "Temp 1 | 37.000 | degrees C | ok | 0.000 | 0.000 | 0.000 | 67.000 | 70.000 | 255.000\nPower Supply 1 | 0x0 | discrete | 0x0180| na | na | na | na | na | na\n",
    parseSensorTable,
  ),
  sensorTarget(
    "parseSdrCsv",
    "Temp_CPU0,35,% degrees C,ok,65.1,Processor,Temperature,,,,,104.000,101.000,,,,-128.000,127.000\nPSU1 Status,E0h,ok,10.1,Presence detected, Failure detected\nFan,0x01,ok\nHDD,,,ns\n",
    parseSdrCsv,
  ),
  sensorTarget("parseSdrBlocks", blocks, parseSdrBlocks),
  sensorTarget(
    "parseFreeIpmiSensors",
    "ID  | Name | Type | State | Reading | Units | Event\n4 | PSU | Power Supply | Nominal | N/A | N/A | 'Presence detected' 'Failure detected'\n",
    parseFreeIpmiSensors,
  ),
  text("parseFru", fru, /^ipmi\/.*fru[^/]*$/, (given) => {
    const units = parseFru(given);
    const gaps = findFruGaps(units, { exitCode: 1, stderr: given });
    return { units, gaps, supplies: suppliesOfFru(units), boards: boardsOfFru(units) };
  }),
  text("parseSelList", sel, /^ipmi\/.*\/(?:ipmitool-sel-list|ipmi-sel)[^/]*$/, parseSelList),
  text(
    "parseSelInfo",
    "SEL Information\nEntries          : 545\nPercent Used     : 57%\n# of Alloc Units : 909\n# Free Units     : 364\nLast Add Time    : 07/15/2025 22:35:35\n",
    /^ipmi\/.*sel-info[^/]*$/,
    parseSelInfo,
  ),
  text(
    "parseMcInfo",
    "Firmware Revision         : 2.9\nManufacturer ID           : 11\nProduct ID                : 8192 (0x2000)\nAdditional Device Support :\n    Sensor Device\nAux Firmware Rev Info     :\n    0x30\nChannel Number : 2\nMedium Type : LAN\n",
    /^ipmi\/.*(?:mc-info|bmc-info)[^/]*$/,
    (given) => ({ controller: parseMcInfo(given), channels: parseBmcChannels(given) }),
  ),
  text(
    "parseLanPrint",
    "IP Address Source : DHCP\n                  : more\nIP Address : 192.0.2.1\nMAC Address : 02:00:00:00:00:01\nRMCP+ Cipher Suites : 3,17\n",
    /^ipmi\/.*(?:lan-print|ipmicfg)[^/]*$/,
    (given) => ({ lan: parseLanPrint(given), summary: parseIpmicfgSummary(given) }),
  ),
  text(
    "parseDcmiPower",
    "    Instantaneous power reading:                   167 Watts\n    Power reading state is:                   activated\n",
    /^ipmi\/.*dcmi[^/]*$/,
    (given) => ({ reading: parseDcmiReading(given), power: parseDcmiPower(given) }),
  ),
  text(
    "parseIpmiProblem",
    "Could not open device at /dev/ipmi0: Permission denied\nGet Device ID command failed\n",
    /^ipmi\/errors\//,
    parseIpmiProblem,
  ),
];
