/**
 * Where a figure for the draw of a whole host comes from: what it covers and how far it can be
 * trusted. The sources mean different things (10 W and more apart): one is chosen, by the order of
 * this list, and none is ever added to another.
 */
export interface PowerSourceFacts {
  /** What is inside the figure. */
  readonly coverage: "whole-host" | "supplies-output" | "processors-and-memory" | "processors";
  /** `metered`: an instrument; `estimated`: a model in firmware or silicon. */
  readonly accuracy: "metered" | "estimated";
  /** Error to expect of a sound instrument of this kind, as a share. */
  readonly errorShare: number;
  readonly description: string;
}

/** Best first. Shares of error: DCMI 1.5 specification and vendors' data sheets, RAPL studies. */
export const powerSources = {
  dcmi: {
    coverage: "whole-host",
    accuracy: "metered",
    errorShare: 0.05,
    description: "the BMC's DCMI power reading",
  },
  "ipmi-sensor": {
    coverage: "whole-host",
    accuracy: "metered",
    errorShare: 0.05,
    description: "a sensor of the BMC that measures the whole host",
  },
  "ipmi-psu-input": {
    coverage: "whole-host",
    accuracy: "metered",
    errorShare: 0.05,
    description: "the inputs of all power supplies as the BMC's sensors show them, added",
  },
  "psu-input": {
    coverage: "whole-host",
    accuracy: "metered",
    errorShare: 0.05,
    description: "the inputs of all power supplies, added",
  },
  "hwmon-power-meter": {
    coverage: "whole-host",
    accuracy: "metered",
    errorShare: 0.05,
    description: "a power meter of the board, as the kernel's hwmon shows it",
  },
  "psu-output": {
    coverage: "supplies-output",
    accuracy: "metered",
    errorShare: 0.1,
    description: "the outputs of all power supplies, added: without their own losses",
  },
  "rapl-package-dram": {
    coverage: "processors-and-memory",
    accuracy: "estimated",
    errorShare: 0.1,
    description: "RAPL energy of processors and memory; no disks, fans, cards or losses",
  },
  "rapl-package": {
    coverage: "processors",
    accuracy: "estimated",
    errorShare: 0.1,
    description: "RAPL energy of processors; no memory, disks, fans, cards or losses",
  },
} as const satisfies Record<string, PowerSourceFacts>;

export type PowerSourceName = keyof typeof powerSources;

/** undefined: a newer agent's source. */
export function findPowerSource(name: string): PowerSourceFacts | undefined {
  return Object.hasOwn(powerSources, name) ? powerSources[name as PowerSourceName] : undefined;
}
