import { statSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { holdFileDefault, readHold } from "#agent/commands/hold-file.ts";
import { createLiveHostControl } from "#agent/commands/live-host-control.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { answerQuestion, type HandsDeskParts, type HandsFailPoint } from "./hands-desk.ts";
import { handsLimits } from "./hands-limits.ts";
import { readHandsSettings } from "./hands-settings.ts";
import { openHandsStateFile } from "./hands-state.ts";
import { runHooksAsUnits } from "./hook-unit.ts";
import { peerUidOf } from "./peer.ts";
import { serveQuestion } from "./serve-question.ts";
import { takeLock } from "./take-lock.ts";

/** Where wws-hands.socket listens. */
export const handsSocket = "/run/wws-agent/hands.sock";
/** StateDirectory= of wws-hands@.service. */
const stateFolder = "/var/lib/wws-hands";
/** EX_NOPERM of sysexits.h. */
const peerRefused = 77;
/** The first of the descriptors that systemd hands over (sd_listen_fds(3)). */
const firstHandedOver = 3;

export interface HandsProgramEffects {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly clock: Clock;
  readonly failPoint: (name: HandsFailPoint) => void;
  /** One line; `<5>` before it is its level for the journal (sd-daemon(3)). */
  readonly tell: (line: string) => void;
}

/** Answers the one question of the connection that systemd handed over; the process's exit code. */
export async function runHands(effects: HandsProgramEffects): Promise<number> {
  const { args, environment, pid, clock, failPoint, tell } = effects;
  const [flag, unit = ""] = args;
  const isHandedOver =
    environment["LISTEN_PID"] === String(pid) && environment["LISTEN_FDS"] === "1";
  if (args.length !== 2 || flag !== "--unit" || !isHandedOver) {
    tell("<3>usage: hands --unit NAME, started by wws-hands.socket alone");
    return 2;
  }
  const peer = peerUidOf(unit);
  const agent = agentUid();
  if (peer === null || peer !== agent) {
    tell(`<4>refused: user ${peer ?? "unknown"} asked by ${unit}, only user ${agent ?? "?"} may`);
    return peerRefused;
  }
  const parts: HandsDeskParts = {
    settings: readHandsSettings,
    state: openHandsStateFile(join(stateFolder, "state.json")),
    readHold: () => readHold([holdFileDefault]),
    takeLock: () => takeLock(join(stateFolder, "lock"), handsLimits.lockWaitSeconds),
    controls: ({ may, systemd, hooks }) => {
      const none = { systemd: [], hooks: [], tenantMounts: [], uid: 0 };
      return {
        units: createLiveHostControl({ ...none, systemd: may.includes("units") ? systemd : [] }),
        hooks: createLiveHostControl({
          ...none,
          hooks: may.includes("hooks") ? [hooks] : [],
          runHook: runHooksAsUnits(unit, pid),
        }),
      };
    },
    failPoint,
    log: (line) => tell(`<5>${line}`),
  };
  const socket = new Socket({
    fd: firstHandedOver,
    readable: true,
    writable: true,
    allowHalfOpen: true,
  });
  await serveQuestion(socket, {
    answer: (value, signal) => answerQuestion(value, parts, signal),
    clock,
  });
  return 0;
}

/** Whose door it is: systemd gave the socket to the agent's user by name. null: there is no door. */
function agentUid(): number | null {
  try {
    const { uid } = statSync(handsSocket);
    // Root acts itself, and needs no helper.
    return uid === 0 ? null : uid;
  } catch {
    return null;
  }
}
