import type { PinnedHost } from "#fleet/identity/host-identity.ts";
import type { Hello } from "#proto/messages/frames.ts";
import { protocolVersion } from "#proto/vocabulary/wire-limits.ts";
import type { PlaceVerdict } from "./clone-guard.ts";
import type { GatewaySettings } from "./gateway-settings.ts";
import { type Goodbye, goodbye } from "./goodbye.ts";

/** Whether what an agent says of itself goes with its key and with us; null: it does. */
export function judgeHello(
  hello: Hello,
  pinned: PinnedHost,
  settings: GatewaySettings,
): Goodbye | null {
  const { current, oldest } = protocolVersion;
  if (hello.protocolOldest > current || hello.protocol < oldest) {
    const message = `the agent speaks protocol ${hello.protocolOldest} to ${hello.protocol}, this manager ${oldest} to ${current}`;
    return goodbye("protocol-unknown", message, settings.decisionRetryMs);
  }
  if (hello.hostId !== pinned.hostId)
    return goodbye("host-mismatch", "the agent gives another host id than its key", null);
  return null;
}

/** What an agent is told that does not get the host's one place; null: it has it. */
export function tellPlace(verdict: PlaceVerdict, settings: GatewaySettings): Goodbye | null {
  switch (verdict.kind) {
    case "take":
      return null;
    case "wait":
      return goodbye(
        "overloaded",
        "the host's former connection has not been silent for long enough",
        verdict.retryAfterMs,
      );
    case "clone":
      return goodbye(
        "identity-clone",
        "a machine of another boot holds a session with this identity",
        settings.decisionRetryMs,
      );
  }
}
