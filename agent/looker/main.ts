import { chmodSync, unlinkSync } from "node:fs";
import { openLiveSource } from "#agent/hardware/live.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { createLooker } from "./looker.ts";
import { type ListenAt, type LookerServer, serveLooker } from "./looker-server.ts";
import { openRootFiles } from "./root-files.ts";

/**
 * The looker, a program of its own: `looker [--socket PATH] [--idle SECONDS]`. Under systemd it is
 * handed its socket and started by the first question; it goes when nobody asks any more, and its
 * memory with it (docs/decisions). It has no settings file and writes nothing.
 */
const socketModeByHand = 0o660;
/** The first of the descriptors that systemd hands over (sd_listen_fds(3)). */
const firstHandedOver = 3;

const clock: Clock = {
  nowUnixMs: () => unixMs(Date.now()),
  nowMonotonicMs: () => monotonicMs(performance.now()),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

await look(process.argv.slice(2));

async function look(args: readonly string[]): Promise<void> {
  const asked = parse(args);
  const at = asked === null ? null : findPlace(asked.socket);
  if (asked === null || at === null) {
    process.stderr.write("usage: looker [--socket PATH] [--idle SECONDS]; or under systemd\n");
    process.exit(2);
  }
  const source = openLiveSource();
  const group = process.getgid?.() ?? 0;
  const looker = createLooker({
    source,
    files: openRootFiles("", group === 0 ? null : group),
    clock,
  });
  const server = serveLooker(at, {
    looker,
    clock,
    idleMs: asked.idleMs,
    onIdle: () => void stop(server),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void stop(server));
  await server.listening;
  if ("path" in at) chmodSync(at.path, socketModeByHand);
}

async function stop(server: LookerServer): Promise<void> {
  await server.close();
  process.exit(0);
}

function parse(args: readonly string[]): { socket: string | null; idleMs: number } | null {
  let socket: string | null = null;
  let idleMs = 0;
  for (let at = 0; at < args.length; at += 2) {
    const value = args[at + 1] ?? "";
    if (args[at] === "--socket" && value.startsWith("/")) socket = value;
    else if (args[at] === "--idle" && /^\d{1,5}$/.test(value)) idleMs = Number(value) * 1_000;
    else return null;
  }
  return { socket, idleMs };
}

function findPlace(socket: string | null): ListenAt | null {
  if (socket !== null) {
    removeOld(socket);
    return { path: socket };
  }
  const isOurs = process.env["LISTEN_PID"] === String(process.pid);
  return isOurs && process.env["LISTEN_FDS"] === "1" ? { fd: firstHandedOver } : null;
}

function removeOld(socket: string): void {
  try {
    unlinkSync(socket);
  } catch {
    // There was none; or listening says what is wrong.
  }
}
