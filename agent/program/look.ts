import { existsSync } from "node:fs";
import type { AgentConfig } from "#agent/config/agent-config.ts";
import { openLiveSource } from "#agent/hardware/live.ts";
import { inspectHost } from "#agent/inspect/inspect-host.ts";
import { formatInspection } from "#agent/inspect/inspection-text.ts";
import { recordHost } from "#agent/inspect/record-host.ts";
import { replayFixture } from "#agent/inspect/replay-fixture.ts";
import { agentRelease } from "#agent/release.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { openSource } from "./open-source.ts";
import type { ProgramEffects } from "./program-effects.ts";

/** `wws-agent inspect`: what this server is, with the looker's eyes where it may be asked; no manager is needed. */
export async function inspect(
  asked: { readonly json: boolean },
  config: AgentConfig,
  effects: ProgramEffects,
): Promise<ExitCode> {
  const { clock } = effects;
  const uid = process.getuid?.() ?? null;
  const opened = openSource({ root: config.root, clock, asksLooker: "where-it-is", uid });
  if (opened.isLookerClosed)
    effects.tell(
      "this host's looker answers root and wws-agent: sudo -u wws-agent wws-agent inspect",
    );
  await opened.prepare();
  const inspection = await inspectHost(opened.source, clock, uid);
  effects.print(asked.json ? JSON.stringify(inspection, null, 2) : formatInspection(inspection));
  return exitCodes.ok;
}

/** `wws-agent record DIR`: this server as a fixture, private facts replaced. */
export async function record(
  asked: { readonly folder: string; readonly frames: number; readonly intervalMs: number },
  config: AgentConfig,
  effects: ProgramEffects,
): Promise<ExitCode> {
  const { clock, random, print, tell } = effects;
  const { folder, frames, intervalMs } = asked;
  tell(`recording ${frames} frames, ${intervalMs / 1_000} s apart …`);
  const { facts, replaced } = await recordHost(folder, {
    source: openLiveSource({ root: config.root }),
    clock,
    random,
    frames,
    intervalMs,
    release: agentRelease,
    uid: process.getuid?.() ?? null,
  });
  print(`${folder} ${facts.name}`);
  const count = Object.values(replaced).reduce((sum, number) => sum + number, 0);
  tell(`recorded; ${count} private facts were replaced. Read it before you hand it on.`);
  return exitCodes.ok;
}

/** `wws-agent replay DIR`: what the collectors make of a fixture. */
export async function replay(
  asked: { readonly folder: string; readonly json: boolean },
  effects: ProgramEffects,
): Promise<ExitCode> {
  if (!existsSync(asked.folder)) {
    effects.tell(`there is no fixture ${asked.folder}`);
    return exitCodes.notFound;
  }
  const replayed = await replayFixture(asked.folder);
  effects.print(asked.json ? JSON.stringify(replayed, null, 2) : formatInspection(replayed));
  return exitCodes.ok;
}
