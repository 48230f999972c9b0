import type { IpmiFacts } from "./ipmi/read-controller.ts";
import type { RedfishFacts } from "./redfish/redfish-facts.ts";
import type { SeenCertificate } from "./redfish/redfish-door.ts";

/** What `wws-fleet bmc probe` finds: what the controller is, can, reports, and gets wrong. */
export interface ProbeReport {
  readonly probedAtMs: number;
  readonly protocols: {
    readonly ipmi: ProtocolOutcome;
    readonly redfish: ProtocolOutcome;
  };
  readonly is: ProbeIdentity;
  readonly can: ProbeAbilities;
  readonly reports: ProbeReadings;
  readonly wrong: readonly Finding[];
  /** null: the protocol was not asked, or gave nothing. */
  readonly ipmi: IpmiFacts | null;
  readonly redfish: RedfishFacts | null;
}

export type ProtocolOutcome =
  | { readonly outcome: "ok"; readonly detail: string }
  | { readonly outcome: "not-asked" }
  | {
      readonly outcome: "unreachable" | "unauthorised" | "refused" | "failed";
      readonly detail: string;
    };

export interface ProbeIdentity {
  readonly maker: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly controller: string | null;
  readonly firmware: string | null;
  readonly bios: string | null;
  readonly certificate: SeenCertificate | null;
}

export interface ProbeAbilities {
  readonly ipmiVersion: string | null;
  readonly redfishVersion: string | null;
  /** The suite that the session was opened with; null without one. */
  readonly suiteUsed: number | null;
  readonly suites: readonly number[] | null;
  readonly hasDcmiPower: boolean | null;
  readonly bootTargets: readonly string[];
  readonly resetTypes: readonly string[];
  readonly hasVirtualMedia: boolean | null;
  readonly powerSources: readonly string[];
}

export interface ProbeReadings {
  readonly isOn: boolean | null;
  readonly watts: number | null;
  readonly wattsFrom: string | null;
  readonly wattsReason: string | null;
  readonly sensors: number;
  readonly sensorsWithValue: number;
  /** Parts that a sensor of states calls failed, failing or without input. */
  readonly failedParts: readonly string[];
  readonly supplies: readonly string[];
  readonly logEntries: number | null;
  readonly lastLogMs: number | null;
  readonly restartCause: string | null;
}

export interface Finding {
  /** `danger`: open to strangers, or known to be broken into; `wrong`: a figure or setting not to
   * be believed; `note`: odd, and harmless where one knows it. */
  readonly severity: "danger" | "wrong" | "note";
  readonly what: string;
  readonly advice: string | null;
}
