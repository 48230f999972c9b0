import { joinRaw, rawBytes, rawNumber } from "#test/support/raw-protobuf.ts";
import { sampleAgentMessages, sampleManagerMessages } from "#test/support/sample-messages.ts";
import { encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { encodeManagerFrame } from "#proto/codec/manager-frames.ts";

/** The samples of both sides as this release encodes them, each under a name of its own. */
export function sampleFrames(): ReadonlyMap<string, Uint8Array> {
  const frames = new Map<string, Uint8Array>();
  const add = (name: string, bytes: Uint8Array): void => {
    let number = 1;
    while (frames.has(`${name}-${number}`)) number += 1;
    frames.set(`${name}-${number}`, Uint8Array.from(bytes));
  };
  for (const message of sampleAgentMessages) {
    add(`agent-${message.kind}`, encodeAgentFrame(message));
  }
  for (const message of sampleManagerMessages) {
    add(`manager-${message.kind}`, encodeManagerFrame(message));
  }
  return frames;
}

/** A frame as a newer release may send it: the same message among fields that are not known here. */
export function asOfTomorrow(frame: Uint8Array): Uint8Array {
  return joinRaw(rawNumber(1_000, 1), frame, rawBytes(1_001, "of tomorrow"));
}
