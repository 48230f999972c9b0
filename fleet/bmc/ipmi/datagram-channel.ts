import { createSocket } from "node:dgram";

/** Where packets go to one controller and come back from it. */
export interface DatagramChannel {
  send(bytes: Buffer): void;
  /** Called with each packet that came from the controller. */
  onPacket(callback: (bytes: Buffer) => void): void;
  /** Called when the system says that nothing listens there, or that there is no way. */
  onFailure(callback: (error: Error) => void): void;
  close(): void;
}

/** A UDP socket that takes packets from this one address and port only. */
export async function openUdpChannel(address: string, port: number): Promise<DatagramChannel> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  let failed: ((error: Error) => void) | null = null;
  let isOpen = true;
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.connect(port, address, () => {
      socket.off("error", reject);
      resolve();
    });
  }).catch((error: unknown) => {
    socket.close();
    throw error;
  });
  socket.on("error", (error) => failed?.(error));
  return {
    send: (bytes) => {
      if (isOpen) socket.send(bytes, (error) => error !== null && isOpen && failed?.(error));
    },
    onPacket: (callback) => {
      socket.on("message", callback);
    },
    onFailure: (callback) => {
      failed = callback;
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      socket.close();
    },
  };
}
