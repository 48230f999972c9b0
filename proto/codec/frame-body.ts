import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { FieldWalker, wireType } from "./field-walker.ts";
import { type MessageShape, requireShape } from "./frame-shape.ts";
import { refuse } from "./wire-error.ts";

/** Where the one message of a frame lies. */
export interface FrameBody {
  readonly field: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Holds a frame against size, depth and counts before anything of it is built, and finds its one
 * message. Throws WireError.
 */
export function requireBody(bytes: Uint8Array, shape: MessageShape, bytesMax: number): FrameBody {
  if (bytes.length > Math.min(bytesMax, wireLimits.messageBytesMax)) {
    refuse("too-large", "frame", `${bytes.length} bytes`);
  }
  if (bytes.length === 0) refuse("empty", "frame", "no bytes");
  requireShape(bytes, 0, bytes.length, shape, "");
  const body = findBody(bytes, shape);
  return body ?? refuse("unknown-message", "frame", "no message in it is one of ours");
}

function findBody(bytes: Uint8Array, shape: MessageShape): FrameBody | undefined {
  const walker = new FieldWalker(bytes, 0, bytes.length, "frame");
  let body: FrameBody | undefined;
  while (walker.next()) {
    if (walker.type !== wireType.bytes || !(walker.field in shape)) continue;
    if (body) refuse("malformed", "frame", "it holds two messages");
    body = { field: walker.field, start: walker.valueStart, end: walker.valueEnd };
  }
  return body;
}

/**
 * The same bytes as a plain Uint8Array, so that what a message holds is one whatever the socket
 * gave: protobufjs cuts Buffers out of a Buffer.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
