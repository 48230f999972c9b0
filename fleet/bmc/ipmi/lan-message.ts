/** An IPMI message as it stands in a LAN packet (IPMI 2.0, 13.8). */
export interface LanMessage {
  readonly netFn: number;
  readonly lun: number;
  readonly sequence: number;
  readonly command: number;
  readonly data: Buffer;
}

export const bmcAddress = 0x20;
export const consoleAddress = 0x81;

export function encodeRequest(message: LanMessage): Buffer {
  return encode(bmcAddress, consoleAddress, message);
}

export function encodeResponse(message: LanMessage): Buffer {
  return encode(consoleAddress, bmcAddress, message);
}

/** null: too short, not for us, or a checksum is wrong. */
export function decodeLanMessage(bytes: Buffer, receiver: number): LanMessage | null {
  if (bytes.length < 7 || bytes[0] !== receiver) return null;
  const head = bytes.subarray(0, 3);
  const body = bytes.subarray(3);
  if (sum(head) !== 0 || sum(body) !== 0) return null;
  return {
    netFn: byteAt(bytes, 1) >> 2,
    lun: byteAt(bytes, 4) & 3,
    sequence: byteAt(bytes, 4) >> 2,
    command: byteAt(bytes, 5),
    data: bytes.subarray(6, bytes.length - 1),
  };
}

/** Two's complement of the sum of all bytes. */
export function checksum(bytes: Uint8Array): number {
  return (256 - sum(bytes)) & 0xff;
}

export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function encode(to: number, from: number, message: LanMessage): Buffer {
  const isRequest = to === bmcAddress;
  const head = Buffer.from([to, (message.netFn << 2) | (isRequest ? message.lun : 0)]);
  const body = Buffer.concat([
    Buffer.from([
      from,
      ((message.sequence & 0x3f) << 2) | (isRequest ? 0 : message.lun),
      message.command,
    ]),
    message.data,
  ]);
  return Buffer.concat([head, Buffer.from([checksum(head)]), body, Buffer.from([checksum(body)])]);
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (const byte of bytes) total += byte;
  return total & 0xff;
}
