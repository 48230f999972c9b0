import type { MemorySource } from "#test/support/memory-source.ts";
import type { PowerModel } from "./power-model.ts";
import type { ServerShape } from "./server-shape.ts";

/** Lets a BMC answer in-band, as ipmitool 1.8.19 prints it: DCMI, sensors and states of supplies. */
export function putBmcAnswers(
  source: MemorySource,
  shape: ServerShape,
  power: PowerModel,
  frame: number,
): void {
  if (!shape.sensors.bmc) return;
  source.put("/sys/class/ipmi/ipmi0/dev", "237:0\n");
  source.putTool(["ipmitool", "dcmi", "power", "reading"], { stdout: dcmiReading(power, frame) });
  source.putTool(["ipmitool", "sdr", "elist", "full"], { stdout: sensorRows(shape, power, frame) });
  source.putTool(["ipmitool", "sdr", "elist", "compact"], { stdout: stateRows(shape) });
  source.putTool(["ipmitool", "mc", "info"], { stdout: controllerText });
  source.putTool(["ipmitool", "sel", "info"], { stdout: eventLogText });
  source.putTool(["ipmitool", "sel", "list", "last", "64"], { stdout: eventText });
}

const controllerText = `Device ID                 : 32
Device Revision           : 1
Firmware Revision         : 2.81
IPMI Version              : 2.0
Manufacturer ID           : 10876
Manufacturer Name         : Example Systems
Product ID                : 2561 (0x0a01)
Product Name              : Unknown (0xA01)
Device Available          : yes
Provides Device SDRs      : no
Additional Device Support :
    Sensor Device
    SDR Repository Device
    SEL Device
    FRU Inventory Device
`;

const eventLogText = `SEL Information
Version          : 1.5 (v1.5, v2 compliant)
Entries          : 3
Free Space       : 16336 bytes
Percent Used     : 0%
Last Add Time    : 09/22/2026 07:58:11
Last Del Time    : Not Available
Overflow         : false
Supported Cmds   : 'Delete' 'Reserve'
`;

/** An orderly restart, as the board's firmware logs it. */
const eventText = `   1 | 03/02/2026 | 10:10:41 | System Boot Initiated #0x72 | Initiated by power up | Asserted
   2 | 09/22/2026 | 07:57:50 | OS Stop/Shutdown #0x73 | OS graceful shutdown | Asserted
   3 | 09/22/2026 | 07:58:11 | System Boot Initiated #0x72 | Initiated by warm reset | Asserted
`;

function dcmiReading(power: PowerModel, frame: number): string {
  const watts = Math.round(power.whole(frame));
  const second = String(frame % 60).padStart(2, "0");
  return [
    "",
    `    Instantaneous power reading:              ${watts.toString().padStart(8)} Watts`,
    `    Minimum during sampling period:           ${"61".padStart(8)} Watts`,
    `    Maximum during sampling period:           ${"702".padStart(8)} Watts`,
    `    Average power reading over sample period: ${(watts - 2).toString().padStart(8)} Watts`,
    `    IPMI timestamp:                           Mon Nov  2 08:00:${second} 2026`,
    "    Sampling period:                          00000001 Seconds.",
    "    Power reading state is:                   activated",
    "",
    "",
  ].join("\n");
}

function sensorRows(shape: ServerShape, power: PowerModel, frame: number): string {
  const rows: (readonly [name: string, entity: string, reading: string])[] = [
    ["Inlet Temp", "7.1", `${Math.round(power.inlet(frame))} degrees C`],
    [
      "Exhaust Temp",
      "7.1",
      `${Math.round(power.inlet(frame) + 8 + 10 * power.warmth(frame))} degrees C`,
    ],
    ["CPU1 Temp", "3.1", `${Math.round(36 + 42 * power.warmth(frame))} degrees C`],
    // A distance to the limit, negative on purpose; no temperature.
    ["CPU1 DTS Margin", "3.1", `${-Math.round(58 - 42 * power.warmth(frame))} degrees C`],
    ...Array.from({ length: 4 }, (_, dimm): readonly [string, string, string] => [
      `DIMM A${dimm + 1} Temp`,
      `32.${dimm + 1}`,
      `${Math.round(33 + dimm + 12 * power.warmth(frame))} degrees C`,
    ]),
    ...Array.from(
      { length: shape.sensors.fans.count },
      (_, fan): readonly [string, string, string] => [
        `Fan${fan + 1}`,
        `29.${fan + 1}`,
        `${Math.round((4_300 + 5_200 * power.warmth(frame) + fan * 40) / 120) * 120} RPM`,
      ],
    ),
    ...Array.from(
      { length: shape.sensors.supplies },
      (_, supply): readonly [string, string, string] => [
        `PS${supply + 1} Input Power`,
        `10.${supply + 1}`,
        `${Math.round(power.supplyWatts(supply)(frame) / 5) * 5} Watts`,
      ],
    ),
    ["Pwr Consumption", "7.1", `${Math.round(power.whole(frame) / 7) * 7} Watts`],
    ["P12V", "7.1", "12.10 Volts"],
    ["CMOS Battery", "7.1", "3.02 Volts"],
  ];
  return rows
    .map(([name, entity, reading], index) => rowOf(name, index + 1, "ok", entity, reading))
    .join("");
}

function stateRows(shape: ServerShape): string {
  const supplies = Array.from({ length: shape.sensors.supplies }, (_, supply) =>
    rowOf(`PS${supply + 1} Status`, 0x60 + supply, "ok", `10.${supply + 1}`, "Presence detected"),
  );
  return [...supplies, rowOf("PS Redundancy", 0x70, "ok", "7.1", "Fully Redundant")].join("");
}

function rowOf(
  name: string,
  number: number,
  status: string,
  entity: string,
  reading: string,
): string {
  const id = `${number.toString(16).toUpperCase().padStart(2, "0")}h`;
  return `${name.padEnd(16)} | ${id} | ${status}  | ${entity.padStart(4)} | ${reading}\n`;
}
