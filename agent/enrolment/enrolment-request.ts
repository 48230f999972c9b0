import { encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import type { EnrolRequest } from "#proto/messages/frames.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";

/** The frame of a request, with so few of the components that it stays within the limit. */
export function encodeEnrolRequest(request: EnrolRequest): Uint8Array {
  let enrol = request;
  for (;;) {
    const frame = encodeAgentFrame({ kind: "enrol", enrol });
    const { components } = enrol.identity;
    if (frame.byteLength <= wireLimits.enrolmentBytesMax || components.length === 0) return frame;
    const kept = components.slice(0, Math.floor(components.length / 2));
    enrol = { ...enrol, identity: { ...enrol.identity, components: kept } };
  }
}
