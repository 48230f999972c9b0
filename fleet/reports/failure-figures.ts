import type { ComponentChange } from "#fleet/inventory/component-history.ts";
import type { HostEventFacts } from "#fleet/health/host-event.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";

/** Something that went wrong with a host, or was done about it, as the history keeps it. */
export interface FailureEvent {
  readonly hostId: HostId;
  readonly atMs: number;
  readonly what: "finding" | "reboot" | "component";
  /** `failing disk-media`, `kernel-panic`, `disk replaced`. */
  readonly detail: string;
}

/** Where the past of all hosts is read; the control store answers it. */
export interface FailureStore {
  /** Within the span, `toMs` exclusive, each once; in any order. */
  readFailures(
    span: { readonly fromMs: number; readonly toMs: number },
    onEvent: (event: FailureEvent) => void,
  ): Promise<void>;
  /**
   * Hosts of which so much happened that older events of theirs gave way, with the oldest that is
   * kept: what lies before it is not known.
   */
  readCutHistories(): Promise<readonly { readonly hostId: HostId; readonly sinceMs: number }[]>;
}

/** undefined: nothing that went wrong (a finding that got better, a part that was added). */
export function failureOfEvent(
  facts: HostEventFacts,
): Pick<FailureEvent, "what" | "detail"> | undefined {
  if (facts.kind === "reboot") return { what: "reboot", detail: facts.reboot.cause };
  const { kind, finding } = facts.change;
  if (kind !== "raised" && kind !== "worse") return undefined;
  return { what: "finding", detail: `${finding.verdict} ${finding.rule}` };
}

export function failureOfComponent(
  change: ComponentChange,
): Pick<FailureEvent, "what" | "detail"> | undefined {
  if (change.kind !== "removed" && change.kind !== "replaced") return undefined;
  return { what: "component", detail: `${change.component.kind} ${change.kind}` };
}
