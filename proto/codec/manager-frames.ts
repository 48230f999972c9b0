import type { DecodeProblem } from "#proto/messages/decode-problem.ts";
import type { ManagerMessage } from "#proto/messages/frames.ts";
import { ok, type Result } from "#proto/vocabulary/result.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import type { wws } from "#proto/generated/wire.js";
import { commandFromWire, commandToWire } from "./command-fields.ts";
import { enrolAnswerFromWire, enrolAnswerToWire } from "./enrolment-fields.ts";
import { wholeNumber } from "./field-checks.ts";
import { plainBytes, requireBody } from "./frame-body.ts";
import { managerFrameShape } from "./frame-shape.ts";
import { decodePlainAck } from "./plain-ack.ts";
import { schema } from "./schema.ts";
import {
  ackFromWire,
  ackToWire,
  refusalFromWire,
  refusalToWire,
  welcomeFromWire,
  welcomeToWire,
} from "./welcome-fields.ts";
import { catchProblem, refuse } from "./wire-error.ts";

/** One message of a manager → one frame. */
export function encodeManagerFrame(message: ManagerMessage): Uint8Array {
  return schema.ManagerFrame.encode(toWire(message)).finish();
}

/**
 * Bytes from a manager → a checked message, or why not; never throws. A message of a newer manager
 * is `unknown-message`. Certificates are views of `bytes`.
 */
export function decodeManagerFrame(bytes: Uint8Array): Result<ManagerMessage, DecodeProblem> {
  const ack = decodePlainAck(bytes);
  if (ack !== null) return ok({ kind: "ack", ack });
  return catchProblem("frame", () => {
    requireBody(bytes, managerFrameShape, wireLimits.messageBytesMax);
    return ok(fromWire(schema.ManagerFrame.decode(plainBytes(bytes))));
  });
}

function toWire(message: ManagerMessage): wws.v1.ManagerFrame.$Properties {
  switch (message.kind) {
    case "welcome":
      return { welcome: welcomeToWire(message.welcome) };
    case "ack":
      return { ack: ackToWire(message.ack) };
    case "state-ack":
      return { stateAck: { revision: message.revision } };
    case "command":
      return { command: commandToWire(message.command) };
    case "refusal":
      return { refusal: refusalToWire(message.refusal) };
    case "enrol":
      return { enrol: enrolAnswerToWire(message.enrol) };
  }
}

function fromWire(frame: wws.v1.ManagerFrame.$Properties): ManagerMessage {
  const { welcome, ack, stateAck, command, refusal, enrol } = frame;
  if (ack) return { kind: "ack", ack: ackFromWire(ack) };
  if (welcome) return { kind: "welcome", welcome: welcomeFromWire(welcome) };
  if (stateAck) {
    return { kind: "state-ack", revision: wholeNumber(stateAck.revision, "state_ack.revision") };
  }
  if (command) return { kind: "command", command: commandFromWire(command) };
  if (refusal) return { kind: "refusal", refusal: refusalFromWire(refusal) };
  if (enrol) return { kind: "enrol", enrol: enrolAnswerFromWire(enrol) };
  return refuse("unknown-message", "frame", "no message in it is one of ours");
}
