/** What kind of service is simulated: each field is a way in which honest ones differ. */
export interface RedfishShape {
  readonly maker: string;
  readonly model: string;
  readonly managerModel: string;
  /** Ids of the one member: `1`, `Self`, `System.Embedded.1`. */
  readonly systemId: string;
  readonly managerId: string;
  readonly resetTypes: readonly string[];
  /** Where they are listed. */
  readonly resetListed: "inline" | "action-info" | "nowhere";
  /** null: the chassis has no action. */
  readonly chassisResetTypes: readonly string[] | null;
  readonly managerResetTypes: readonly string[];
  readonly bootTargets: readonly string[];
  readonly showsMode: boolean;
  /** A settings object: beside the system, or the only one that takes Boot. */
  readonly settings: "none" | "also" | "only";
  readonly hasBootOrder: boolean;
  readonly hasBootNext: boolean;
  readonly hasBootProgress: boolean;
  /** What a PATCH needs: a fitting If-Match, one that fits where it is given, nothing. */
  readonly guard: "needed" | "checked" | "none";
  readonly etags: "strong" | "weak" | "none";
  readonly powerSchema: "power" | "environment" | "subsystem";
  readonly mediaAt: "manager" | "system" | "none";
  /** What an insert must say: `Image` only, `Inserted`, `TransferProtocolType`; or PATCH only. */
  readonly mediaWants: "image" | "flags" | "protocol" | "patch";
  readonly light: "IndicatorLED" | "LocationIndicatorActive" | "none";
  readonly sessionsMax: number;
  /** 0: a change is answered when it is done, without a task. */
  readonly taskMs: number;
  /** How long the controller is away after its own reset. */
  readonly restartMs: number;
  /** Dell's queue of jobs, and jobs that wait in it. */
  readonly jobs: readonly string[] | null;
}

export const plainShape: RedfishShape = {
  maker: "WWS Lab",
  model: "Fleet R640v",
  managerModel: "Lab controller",
  systemId: "1",
  managerId: "1",
  resetTypes: [
    "On",
    "ForceOff",
    "GracefulShutdown",
    "GracefulRestart",
    "ForceRestart",
    "PowerCycle",
  ],
  resetListed: "action-info",
  chassisResetTypes: null,
  managerResetTypes: ["GracefulRestart", "ForceRestart"],
  bootTargets: ["None", "Pxe", "Hdd", "Cd", "BiosSetup", "UefiHttp", "UefiTarget", "UefiBootNext"],
  showsMode: true,
  settings: "none",
  hasBootOrder: true,
  hasBootNext: true,
  hasBootProgress: true,
  guard: "checked",
  etags: "strong",
  powerSchema: "power",
  mediaAt: "manager",
  mediaWants: "image",
  light: "LocationIndicatorActive",
  sessionsMax: 8,
  taskMs: 2_000,
  restartMs: 60_000,
  jobs: null,
};
