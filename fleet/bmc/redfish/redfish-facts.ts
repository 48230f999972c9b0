/**
 * What a Redfish service says of one server, as a person would read it. A value that is not there,
 * is a placeholder, belongs to a part that is absent, or is outside of physics is null, and
 * `oddities` says why. Text as the service gives it, trimmed. Units as in the names.
 */
export interface RedfishFacts {
  readonly service: RedfishServiceFacts;
  readonly systems: readonly RedfishSystem[];
  readonly chassis: readonly RedfishChassis[];
  readonly managers: readonly RedfishManager[];
  readonly power: RedfishPower;
  readonly supplies: readonly RedfishSupply[];
  readonly temperatures: readonly RedfishTemperature[];
  readonly fans: readonly RedfishFan[];
  readonly processors: readonly RedfishProcessor[];
  readonly dimms: readonly RedfishDimm[];
  readonly drives: readonly RedfishDrive[];
  readonly firmware: readonly RedfishFirmware[];
  /** Everything that was wrong, missing or not believed, with where it stood. */
  readonly oddities: readonly RedfishOddity[];
}

/** One answer of the service; the HTTP status is kept beside the body. null: not recorded. */
export interface RedfishAnswer {
  readonly path: string;
  readonly status: number | null;
  readonly body: unknown;
}

export interface RedfishOddity {
  readonly path: string;
  readonly kind: OddityKind;
  readonly detail: string;
}

export type OddityKind =
  | "wrong-type"
  | "placeholder"
  | "implausible"
  | "contradiction"
  | "absent-yet-judged"
  | "broken-link"
  | "error-body"
  | "fake-member"
  | "non-standard"
  | "left-out";

export interface RedfishServiceFacts {
  readonly vendor: string | null;
  readonly product: string | null;
  readonly version: string | null;
  readonly uuid: string | null;
}

export interface PartState {
  /** `Status.State`: Enabled, Absent, Disabled … */
  readonly state: string | null;
  /** null for a part that is absent: its health means nothing. */
  readonly health: string | null;
}

export interface RedfishSystem extends PartState {
  readonly path: string;
  readonly id: string;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly sku: string | null;
  readonly assetTag: string | null;
  readonly uuid: string | null;
  readonly powerState: string | null;
  readonly biosVersion: string | null;
  readonly memoryGiB: number | null;
  /** CPUs alone, accelerators not among them. */
  readonly cpus: number | null;
  readonly cpuModel: string | null;
  readonly boot: RedfishBoot;
  readonly reset: RedfishReset;
}

export interface RedfishBoot {
  readonly target: string | null;
  readonly enabled: string | null;
  readonly mode: string | null;
  readonly targets: readonly string[];
}

export interface RedfishReset {
  readonly types: readonly string[];
  /** `none`: neither the action nor its ActionInfo lists any; nothing may be assumed. */
  readonly source: "action-info" | "inline" | "none";
  /** Listed, and not a ResetType of the standard. */
  readonly nonStandard: readonly string[];
}

export interface RedfishChassis extends PartState {
  readonly path: string;
  readonly id: string;
  readonly type: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly serial: string | null;
}

export interface RedfishManager extends PartState {
  readonly path: string;
  readonly id: string;
  readonly type: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  /** As the manager's own clock has it, UTC. */
  readonly clockMs: number | null;
  readonly hasVirtualMedia: boolean;
}

/** One answer to "what does it draw?". Figures are never added up over chassis and modules. */
export interface RedfishPower {
  readonly totalWatts: number | null;
  readonly source: PowerSource | null;
  readonly path: string | null;
  /** Why there is no total. */
  readonly reason: string | null;
  /** Over `intervalMinutes`, only beside the total that they belong to. */
  readonly averageWatts: number | null;
  readonly minWatts: number | null;
  readonly maxWatts: number | null;
  readonly intervalMinutes: number | null;
  readonly limitWatts: number | null;
  /** All figures that were found, believed or not. */
  readonly candidates: readonly PowerCandidate[];
}

export type PowerSource = "power-control" | "environment-metrics" | "sensor" | "supplies-input";

export interface PowerCandidate {
  readonly source: PowerSource;
  readonly path: string;
  readonly watts: number;
  /** null: it could be the total. */
  readonly notBelieved: string | null;
}

export interface RedfishSupply extends PartState {
  readonly path: string;
  readonly name: string | null;
  /** null: the service does not say whether the bay is filled. */
  readonly isPresent: boolean | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly firmware: string | null;
  readonly inputWatts: number | null;
  readonly outputWatts: number | null;
  readonly capacityWatts: number | null;
  readonly inputVolts: number | null;
}

export interface RedfishTemperature extends PartState {
  readonly path: string;
  readonly name: string;
  readonly context: string | null;
  readonly celsius: number | null;
  /** A distance to a limit, as reported; such a sensor has no `celsius`. */
  readonly margin: number | null;
  readonly upperCritical: number | null;
}

export interface RedfishFan extends PartState {
  readonly path: string;
  readonly name: string;
  readonly rpm: number | null;
  readonly percent: number | null;
}

export interface RedfishProcessor extends PartState {
  readonly path: string;
  readonly id: string;
  readonly type: string | null;
  readonly model: string | null;
  readonly cores: number | null;
  readonly threads: number | null;
}

export interface RedfishDimm extends PartState {
  readonly path: string;
  readonly slot: string;
  readonly isPresent: boolean;
  readonly sizeMiB: number | null;
  readonly speedMHz: number | null;
  readonly manufacturer: string | null;
  readonly serial: string | null;
  readonly partNumber: string | null;
}

export interface RedfishDrive extends PartState {
  readonly path: string;
  readonly id: string;
  readonly model: string | null;
  readonly serial: string | null;
  readonly sizeBytes: number | null;
  readonly mediaType: string | null;
  readonly protocol: string | null;
  /** 0 to 100. */
  readonly lifeLeftPercent: number | null;
  readonly failurePredicted: boolean | null;
}

export interface RedfishFirmware {
  readonly path: string;
  readonly name: string | null;
  readonly version: string | null;
}
