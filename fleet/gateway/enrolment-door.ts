import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { encodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { EnrolOutcome } from "#fleet/identity/host-identity.ts";
import type { EnrolAnswer, EnrolRequest } from "#proto/messages/frames.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import type { AgentConnection, ConnectionHandlers } from "./agent-connection.ts";
import type { GatewayEffects } from "./gateway-effects.ts";
import { type Goodbye, goodbye } from "./goodbye.ts";
import type { RefusalLog } from "./refusal-log.ts";

/**
 * Where a machine that nobody knows asks to be taken in: one message, one answer, closed. The key
 * that it asks for is the one that TLS has proven; nothing it says is believed beyond its token.
 */
export function openEnrolmentDoor(
  effects: GatewayEffects,
  refusals: RefusalLog,
  connection: AgentConnection,
  gone: () => void,
): ConnectionHandlers {
  const { clock, settings, identity, events } = effects;
  const { peer } = connection;
  const log = effects.log.child({ address: peer.address, fingerprint: peer.fingerprint });
  let state: "waiting" | "asking" | "closed" = "waiting";

  const close = (): void => {
    state = "closed";
    cancelDeadline();
    gone();
  };
  const refuse = (why: Goodbye): void => {
    if (state === "closed") return;
    close();
    refusals.note(peer.address, { fingerprint: peer.fingerprint, code: why.refusal.code });
    connection.send(encodeManagerFrame({ kind: "refusal", refusal: why.refusal }));
    connection.close(why.closeCode, why.refusal.code);
  };
  const cancelDeadline = clock.after(settings.handshakeMsMax, () =>
    refuse(goodbye("overloaded", "no enrolment message came in time", settings.retryMs)),
  );

  const answer = (outcome: EnrolOutcome): void => {
    if (state === "closed") return;
    close();
    const enrol = answerOf(outcome);
    connection.send(encodeManagerFrame({ kind: "enrol", enrol }));
    connection.close(1000, enrol.kind);
    if (enrol.kind === "issued") {
      log.info({ hostId: enrol.hostId, hostName: enrol.hostName }, "host enrolled");
      events.publish({ kind: "host-changed", hostId: enrol.hostId });
    } else {
      log.info({ pendingId: enrol.pendingId }, "machine waits in pending");
      events.publish({ kind: "pending-changed", pendingId: enrol.pendingId });
    }
  };

  const answerOf = (outcome: EnrolOutcome): EnrolAnswer => {
    const managerMs = clock.nowUnixMs();
    if (outcome.kind === "pending") return { ...outcome, fingerprint: peer.fingerprint, managerMs };
    const { hostId, hostName, generation, chain } = outcome;
    const { cell } = settings;
    return {
      kind: "issued",
      hostId,
      hostName,
      cell,
      generation,
      certificateChain: chain,
      managerMs,
    };
  };

  const ask = async (request: EnrolRequest): Promise<void> => {
    state = "asking";
    try {
      const result = await identity.enrol(peer, request);
      if (result.ok) answer(result.value);
      else refuse(goodbye(result.problem, messages[result.problem] ?? "enrolment refused", null));
    } catch (error) {
      log.error({ err: error }, "an enrolment could not be answered");
      refuse(goodbye("overloaded", "the enrolment could not be written now", settings.retryMs));
    }
  };

  /** Takes the message, or says why not. */
  const hear = (bytes: Uint8Array): Goodbye | null => {
    if (state === "asking")
      return goodbye("message-unexpected", "one message is all there is", null);
    const decoded = decodeAgentFrame(bytes, { bytesMax: settings.enrolmentBytesMax });
    if (!decoded.ok) {
      const { kind, where, detail } = decoded.problem;
      const code = kind === "too-large" ? "message-too-large" : "message-malformed";
      return goodbye(code, `${where}: ${detail}`.slice(0, 200), null);
    }
    if (decoded.value.kind !== "enrol")
      return goodbye("message-unexpected", "this door is for enrolment", null);
    void ask(decoded.value.enrol);
    return null;
  };

  return {
    onMessage: (bytes) => {
      if (state === "closed") return;
      const why = hear(bytes);
      if (why !== null) refuse(why);
    },
    onClose: () => {
      if (state !== "closed") close();
    },
  };
}

const messages: Partial<Record<RefusalCode, string>> = {
  "token-wrong": "this token is not known here",
  "token-used": "this token was used before",
  "token-expired": "this token's time is over",
  "token-missing": "this machine has no token and does not wait in pending",
  "pending-removed": "an operator turned this machine away",
  "identity-removed": "this key belonged to a host that was removed",
};
