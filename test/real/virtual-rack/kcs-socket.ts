import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";

/** What a controller answers to one command from inside the machine: completion code, then data. */
export type InsideAnswer = (
  netFunction: number,
  command: number,
  data: Buffer,
) => readonly number[];

export interface KcsSocket {
  readonly path: string;
  close(): Promise<void>;
}

/** Of the serial form that QEMU's ipmi-bmc-extern speaks (hw/ipmi/ipmi_bmc_extern.c). */
const marks = { messageEnd: 0xa0, commandEnd: 0xa1, escape: 0xaa } as const;
const messageBytesMax = 512;

/** The controller as the machine itself sees it: a socket that QEMU joins to its KCS interface. */
export async function listenForKcs(path: string, answer: InsideAnswer): Promise<KcsSocket> {
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket, answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    path,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(socket: Socket, answer: InsideAnswer): void {
  let bytes: number[] = [];
  let isEscaped = false;
  socket.on("data", (piece: Buffer) => {
    for (const byte of piece) {
      if (byte === marks.messageEnd || byte === marks.commandEnd) {
        if (byte === marks.messageEnd && bytes.length >= 4) reply(socket, bytes, answer);
        bytes = [];
        isEscaped = false;
      } else if (byte === marks.escape) isEscaped = true;
      else {
        bytes.push(isEscaped ? byte & ~0x10 : byte);
        isEscaped = false;
        if (bytes.length > messageBytesMax) bytes = [];
      }
    }
  });
}

/** sequence, network function and LUN, command, data, checksum. */
function reply(socket: Socket, bytes: readonly number[], answer: InsideAnswer): void {
  const [sequence = 0, functionAndLun = 0, command = 0] = bytes;
  const netFunction = functionAndLun >> 2;
  const data = Buffer.from(bytes.slice(3, -1));
  const message = [
    sequence,
    ((netFunction + 1) << 2) | (functionAndLun & 3),
    command,
    ...answer(netFunction, command, data),
  ];
  const sum = message.reduce((total, byte) => total + byte, 0);
  const sent = [...message, -sum & 0xff].flatMap((byte) =>
    byte === marks.messageEnd || byte === marks.commandEnd || byte === marks.escape
      ? [marks.escape, byte | 0x10]
      : [byte],
  );
  socket.write(Buffer.from([...sent, marks.messageEnd]));
}
