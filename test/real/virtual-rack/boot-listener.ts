import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { ImagingAnswer, ImagingHello, ImagingProgress } from "#proto/messages/imaging.ts";
import { bootScript } from "./boot-script.ts";

/** A small listener for tests of the imaging OS alone; the product has its own. */
export interface BootListener {
  /** As a guest of QEMU's user network reaches it. */
  readonly guestUrl: string;
  /** Paths that were asked for, oldest first. */
  readonly asked: readonly string[];
  readonly hellos: readonly ImagingHello[];
  readonly progress: readonly ImagingProgress[];
  /** Bodies that were posted to `/phone-home`. */
  readonly calls: readonly unknown[];
  close(): Promise<void>;
}

export interface BootFiles {
  readonly kernel: string;
  readonly initramfs: string;
  /** Words of the kernel's command line beside those that every boot has. */
  readonly words: (url: string) => string;
  readonly answer: () => ImagingAnswer;
}

const bodyBytesMax = 64 * 1024;

export async function startBootListener(files: BootFiles): Promise<BootListener> {
  const asked: string[] = [];
  const hellos: ImagingHello[] = [];
  const progress: ImagingProgress[] = [];
  const calls: unknown[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://listener").pathname;
    asked.push(path);
    const sendFile = (file: string): void => {
      response.writeHead(200, { "content-length": statSync(file).size });
      createReadStream(file).pipe(response);
    };
    const sendJson = (value: unknown): void => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    const url = `http://${request.headers.host}`;
    if (path === "/boot.ipxe") response.end(bootScript(url, files.words(url)));
    else if (path === "/vmlinuz") sendFile(files.kernel);
    else if (path === "/initramfs") sendFile(files.initramfs);
    else
      readBody(request).then(
        (body) => {
          if (path === "/v1/hello") hellos.push(body as ImagingHello);
          if (path === "/v1/progress") progress.push(body as ImagingProgress);
          if (path === "/phone-home") calls.push(body);
          sendJson(path === "/v1/hello" ? files.answer() : {});
        },
        () => response.writeHead(400).end(),
      );
  });
  // A guest reads slowly: an idle connection must not be ended under it.
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    guestUrl: `http://10.0.2.2:${port}`,
    asked,
    hellos,
    progress,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > bodyBytesMax) throw new Error("too long a body");
    pieces.push(piece);
  }
  return JSON.parse(Buffer.concat(pieces).toString("utf8"));
}
