import { describe, expect, test } from "vitest";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { runSimulation, type SimulationOptions } from "./run-simulation.ts";
import type { PlantedBug } from "./simulated-manager.ts";

/** Runs seeds until one finds something: a bug may need the right accident. */
async function findProblem(bug: PlantedBug): Promise<string | undefined> {
  for (let seed = 1; seed <= 20; seed += 1) {
    const options: SimulationOptions = { seed, hosts: 4, faultyMs: 600_000, bug };
    const { problems } = await runSimulation(options);
    if (problems.length > 0) return problems[0];
  }
  return undefined;
}

/** A telemetry store in which one thing is wrong. */
function brokenTelemetry(breakIt: (telemetry: Telemetry) => Partial<Telemetry>): PlantedBug {
  return { telemetry: (telemetry) => ({ ...telemetry, ...breakIt(telemetry) }) };
}

/** A guard against hanging, not a measure: up to twenty runs, on a machine that has other work. */
const timeout = 180_000;

describe("a bug planted into the manager is found by the invariant that it breaks", {
  timeout,
}, () => {
  test("S1: reports are acknowledged before they are on disk", async () => {
    const bug = brokenTelemetry((telemetry) => ({
      append: (entry) => {
        telemetry.append(entry).catch(() => {});
        return Promise.resolve("appended");
      },
    }));
    expect(await findProblem(bug)).toContain("S1:");
  });

  test("S2: what comes a second time is kept a second time, a step later", async () => {
    const seen = new Set<string>();
    const bug = brokenTelemetry((telemetry) => ({
      append: (entry) => {
        const { report, spoolId } = entry;
        const key = `${spoolId} ${report.seq}`;
        if (!seen.has(key)) {
          seen.add(key);
          return telemetry.append(entry);
        }
        const startMs = unixMs(report.startMs + report.stepMs);
        return telemetry.append({
          ...entry,
          report: { ...report, startMs, seq: report.seq + 1_000_000 },
        });
      },
    }));
    expect(await findProblem(bug)).toContain("S2:");
  });

  test("L3: a host that falls silent is set aside by itself", async () => {
    const bug: PlantedBug = {
      onEvent: (event, _manager, disk) => {
        if (event.kind !== "link-changed" || event.state !== "lost") return;
        void disk.control.inventory.findHost(event.hostId).then((host) => {
          if (host === undefined) return;
          const revision = host.revision + 1;
          return disk.control.inventory.updateHost(
            { ...host, phase: "quarantined", revision },
            host.revision,
          );
        });
      },
    };
    expect(await findProblem(bug)).toContain("L3:");
  });
});
