/** A frame is four bytes of length, the highest first, and so many bytes of JSON in UTF-8. */
export function encodeFrame(value: unknown): Uint8Array {
  const body = Buffer.from(JSON.stringify(value), "utf8");
  const frame = Buffer.allocUnsafe(headBytes + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, headBytes);
  return frame;
}

export type FrameState =
  | { readonly kind: "incomplete" }
  | { readonly kind: "whole"; readonly value: unknown }
  /** Nothing more of this connection is read. */
  | { readonly kind: "broken"; readonly detail: string };

/**
 * Collects the one frame of a connection from pieces of any size. Keeps no more than has come, and
 * never more than `bodyBytesMax`: a length is only believed as far as bytes follow it.
 */
export class FrameCollector {
  readonly #bodyBytesMax: number;
  #pieces: Uint8Array[] = [];
  #byteCount = 0;

  constructor(bodyBytesMax: number) {
    this.#bodyBytesMax = bodyBytesMax;
  }

  take(piece: Uint8Array): FrameState {
    this.#pieces.push(piece);
    this.#byteCount += piece.length;
    if (this.#byteCount < headBytes) return { kind: "incomplete" };
    const length = this.#head().readUInt32BE(0);
    if (length > this.#bodyBytesMax)
      return { kind: "broken", detail: `a frame of ${length} bytes` };
    if (this.#byteCount < headBytes + length) return { kind: "incomplete" };
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [bytes];
    if (bytes.length > headBytes + length)
      return { kind: "broken", detail: "bytes after the frame" };
    try {
      return { kind: "whole", value: JSON.parse(strictUtf8.decode(bytes.subarray(headBytes))) };
    } catch {
      return { kind: "broken", detail: "no JSON in UTF-8" };
    }
  }

  /** The first bytes in one piece, whatever pieces they came in. */
  #head(): Buffer {
    const [first] = this.#pieces;
    if (first !== undefined && first.length >= headBytes)
      return Buffer.from(first.subarray(0, headBytes));
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [whole];
    return whole;
  }
}

const headBytes = 4;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
