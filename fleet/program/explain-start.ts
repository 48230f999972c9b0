import { FederationError } from "#fleet/federation/open-cells.ts";
import { IdentityError } from "#fleet/identity/identity-error.ts";
import { ListenError } from "#fleet/startup/listen.ts";
import { StoreError } from "#fleet/storage/store-error.ts";
import { TelemetryError } from "#fleet/telemetry/telemetry-error.ts";
import { findPortHolder } from "./port-holder.ts";

/** What a person should read when the manager does not start; null: it is a defect of ours. */
export function explainStart(error: unknown): string | null {
  if (error instanceof ListenError) {
    const holder = error.code === "EADDRINUSE" ? findPortHolder(error.port) : undefined;
    const who = holder === undefined ? "" : ` (process ${holder.pid}: ${holder.command})`;
    return `${error.message}${who}\n  choose another one with WWS_PORT (the console's; the agents' is the next), or end that process`;
  }
  const isOurs =
    error instanceof StoreError ||
    error instanceof IdentityError ||
    error instanceof TelemetryError ||
    error instanceof FederationError;
  return isOurs ? error.message : null;
}
