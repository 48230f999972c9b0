import type { EnrolAnswer, EnrolRequest } from "#proto/messages/frames.ts";
import type { KeyFingerprint } from "#proto/vocabulary/ids.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import type { wws } from "#proto/generated/wire.js";
import {
  cellName,
  certificates,
  factText,
  plainText,
  requiredMessage,
  requiredText,
  timeOfDay,
  uuidText,
  wholeNumber,
} from "./field-checks.ts";
import { identityFromWire, identityToWire } from "./identity-fields.ts";
import { refuse } from "./wire-error.ts";

export function enrolRequestToWire(request: EnrolRequest): wws.v1.EnrolRequest.$Properties {
  return {
    token: request.token ?? "",
    agentRelease: toWireText(request.agentRelease),
    simulated: request.simulated,
    identity: identityToWire(request.identity),
    bootId: request.bootId,
    wallUnixMs: request.wallMs,
  };
}

export function enrolRequestFromWire(fields: wws.v1.EnrolRequest.$Properties): EnrolRequest {
  const token = plainText(fields.token, "enrol.token");
  return {
    token: token === "" ? null : token,
    agentRelease: requiredText(fields.agentRelease, "enrol.agent_release"),
    simulated: fields.simulated ?? false,
    identity: identityFromWire(
      requiredMessage(fields.identity, "enrol.identity"),
      "enrol.identity",
    ),
    bootId: uuidText(fields.bootId, "enrol.boot_id"),
    wallMs: timeOfDay(fields.wallUnixMs, "enrol.wall_unix_ms"),
  };
}

export function enrolAnswerToWire(answer: EnrolAnswer): wws.v1.EnrolAnswer.$Properties {
  if (answer.kind === "pending") {
    const { pendingId, fingerprint, retryAfterMs, managerMs } = answer;
    return { pending: { pendingId, fingerprint, retryAfterMs, managerUnixMs: managerMs } };
  }
  return {
    issued: {
      hostId: answer.hostId,
      cell: answer.cell,
      generation: answer.generation,
      certificateChain: [...answer.certificateChain],
      hostName: toWireText(answer.hostName),
      managerUnixMs: answer.managerMs,
    },
  };
}

export function enrolAnswerFromWire(fields: wws.v1.EnrolAnswer.$Properties): EnrolAnswer {
  const { issued, pending } = fields;
  if (issued) return issuedFromWire(issued);
  if (pending) return pendingFromWire(pending);
  return refuse("unknown-message", "enrol", "it is neither issued nor pending");
}

function issuedFromWire(issued: wws.v1.Issued.$Properties): EnrolAnswer {
  const where = "enrol.issued";
  const chain = certificates(issued.certificateChain, `${where}.certificate_chain`);
  if (chain.length === 0) refuse("field-missing", `${where}.certificate_chain`, "it is empty");
  return {
    kind: "issued",
    hostId: uuidText(issued.hostId, `${where}.host_id`),
    hostName: factText(issued.hostName, `${where}.host_name`),
    cell: cellName(issued.cell, `${where}.cell`),
    generation: wholeNumber(issued.generation, `${where}.generation`),
    certificateChain: chain,
    managerMs: timeOfDay(issued.managerUnixMs, `${where}.manager_unix_ms`),
  };
}

function pendingFromWire(pending: wws.v1.Pending.$Properties): EnrolAnswer {
  const where = "enrol.pending";
  return {
    kind: "pending",
    pendingId: uuidText(pending.pendingId, `${where}.pending_id`),
    fingerprint: keyFingerprint(pending.fingerprint, `${where}.fingerprint`),
    retryAfterMs: wholeNumber(pending.retryAfterMs, `${where}.retry_after_ms`),
    managerMs: timeOfDay(pending.managerUnixMs, `${where}.manager_unix_ms`),
  };
}

function keyFingerprint(field: string | null | undefined, where: string): KeyFingerprint {
  const text = requiredText(field, where);
  return /^[0-9a-f]{64}$/.test(text)
    ? (text as KeyFingerprint)
    : refuse("field-invalid", where, "it is not the hex of a SHA-256");
}
