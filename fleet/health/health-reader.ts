import type { HostId } from "#proto/vocabulary/ids.ts";
import type { HealthExplanation } from "./explain-health.ts";
import type { HealthView } from "./finding.ts";
import type { HostEvent } from "./host-event.ts";
import type { RebootAnswer } from "./reboot-facts.ts";

/** Health as others read it. */
export interface HealthReader {
  view(hostId: HostId): HealthView;
  lastReboot(hostId: HostId): RebootAnswer | null;
  explain(hostId: HostId): HealthExplanation;
  /** Newest first. */
  events(
    hostId: HostId,
    page: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly HostEvent[]>;
}
