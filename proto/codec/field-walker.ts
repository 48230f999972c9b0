import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { refuse } from "./wire-error.ts";

export const wireType = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 };

/**
 * Walks the fields of one protobuf message and builds nothing, so that limits can be held before
 * anything is allocated. Throws WireError on bytes that are not protobuf.
 */
export class FieldWalker {
  field = 0;
  type = 0;
  /** Where the field's tag begins. */
  start = 0;
  /** The field's value, without tag and length. */
  valueStart = 0;
  valueEnd = 0;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #where: string;
  #at: number;

  constructor(bytes: Uint8Array, start: number, end: number, where: string) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#where = where;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    this.start = this.#at;
    this.#readTag();
    if (this.type === wireType.groupStart) this.#skipGroup();
    else if (this.type === wireType.groupEnd) this.#refuse("a group ends that never began");
    else this.#skipValue();
    return true;
  }

  #readTag(): void {
    const tag = this.#readVarint();
    if (tag > 0xffff_ffff) this.#refuse("a field number is out of range");
    this.type = tag & 7;
    this.field = tag >>> 3;
    if (this.field === 0) this.#refuse("a field has the number 0");
  }

  #skipValue(): void {
    let length = 0;
    if (this.type === wireType.bytes) length = this.#readVarint();
    this.valueStart = this.#at;
    if (this.type === wireType.varint) this.#readVarint();
    else if (this.type === wireType.fixed32) this.#at += 4;
    else if (this.type === wireType.fixed64) this.#at += 8;
    else if (this.type === wireType.bytes) this.#at += length;
    else this.#refuse(`there is no wire type ${this.type}`);
    if (this.#at > this.#end) this.#refuse("a field is longer than its message");
    this.valueEnd = this.#at;
  }

  /** Groups left protobuf long ago and no message of ours has one; they nest without a length. */
  #skipGroup(): void {
    const { field, start } = this;
    const open = [field];
    while (open.length > 0) {
      if (this.#at >= this.#end) this.#refuse("a group does not end");
      this.#readTag();
      if (this.type === wireType.groupStart) {
        open.push(this.field);
        if (open.length > wireLimits.decodeDepthMax) {
          refuse("too-deep", this.#where, `groups nest deeper than ${wireLimits.decodeDepthMax}`);
        }
      } else if (this.type === wireType.groupEnd) {
        if (open.pop() !== this.field) this.#refuse("a group ends with another number");
      } else this.#skipValue();
    }
    this.field = field;
    this.type = wireType.groupStart;
    this.start = start;
  }

  /** Up to ten bytes. Beyond 2^53 only the size is right, which is enough to refuse it. */
  #readVarint(): number {
    let value = 0;
    let factor = 1;
    for (let size = 0; size < 10; size += 1) {
      if (this.#at >= this.#end) this.#refuse("it ends in the middle of a number");
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    return this.#refuse("a number is longer than ten bytes");
  }

  #refuse(detail: string): never {
    return refuse("malformed", this.#where, detail);
  }
}
