import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchManager, createBenchManager } from "./bench-manager.ts";
import { type BenchOptions, type BenchReport, machineConditions, rounded } from "./bench-report.ts";
import { enrolLoad, startLoad } from "./load-process.ts";
import { readProcessUsage } from "./process-usage.ts";
import { pause, waitUntil } from "./wait.ts";

/**
 * All hosts come back at once: the manager is killed -9 and started again while they report. Nobody
 * may be called lost for it.
 */
export async function benchStorm(options: BenchOptions): Promise<BenchReport> {
  const { hosts, seconds, series, say } = options;
  const folder = mkdtempSync(join(tmpdir(), "wws-bench-"));
  const manager = await createBenchManager(folder, {});
  const load = startLoad();
  const allLive = (sinceWelcomes: number, limitMs: number): Promise<void> =>
    waitUntil(
      `${hosts} hosts have a session`,
      async () => {
        const { live, welcomes } = await load.ask({ kind: "tell" });
        return live === hosts && welcomes >= sinceWelcomes + hosts;
      },
      { limitMs, everyMs: 50 },
    );
  try {
    await manager.start();
    say(`enrolling ${hosts} hosts`);
    await enrolLoad(manager, load, hosts);
    await load.ask({ kind: "run", series });
    await allLive(0, 120_000);
    const { welcomes } = await load.ask({ kind: "tell" });
    say("killing the manager");
    const killedMs = performance.now();
    await manager.end("SIGKILL");
    await manager.start();
    const listeningMs = performance.now();
    const bare = readProcessUsage(manager.pid());
    const lost = watchLost(manager);
    await allLive(welcomes, 300_000);
    const backMs = performance.now();
    const after = readProcessUsage(manager.pid());
    say(
      `all back after ${((backMs - listeningMs) / 1_000).toFixed(1)} s; watching for ${seconds} s`,
    );
    await pause(seconds * 1_000);
    const falselyLost = await lost.stop();
    return {
      bench: "storm",
      figures: rounded({
        secondsUntilAllBack: (backMs - listeningMs) / 1_000,
        cpuMsPerHandshake: ((after.cpuSeconds - bare.cpuSeconds) * 1_000) / hosts,
        falselyLost,
      }),
      conditions: {
        ...machineConditions(),
        hosts,
        series,
        tls: "mutual TLS 1.3, P-256, full handshakes",
        counted:
          "from when the manager listens again; its CPU until all are back, their reports included",
        restartSeconds: Number(((listeningMs - killedMs) / 1_000).toFixed(2)),
        watchedSecondsAfter: seconds,
      },
    };
  } finally {
    load.kill();
    await manager.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The most hosts that the manager called lost at a time; every agent is alive all along. */
function watchLost(manager: BenchManager): { stop(): Promise<number> } {
  let most = 0;
  let isStopped = false;
  const watching = (async () => {
    while (!isStopped) {
      most = Math.max(most, await manager.ownMetric("wws_hosts", '{link="lost"}'));
      await pause(500);
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await watching;
      return most;
    },
  };
}
