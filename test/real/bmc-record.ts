import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probe } from "#fleet/bmc/probe.ts";
import { type BmcLies, labUser, simulatedState } from "#test/support/simulated-bmc/bmc-state.ts";
import { startSimulatedBmc } from "#test/support/simulated-bmc/simulated-bmc.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { startLanSimulator } from "./bmc-ipmi-sim.ts";

/**
 * Records the two controllers that can be reached from here into hardware-fixtures/bmcs: our
 * simulated one, with some of its lies, and Debian's ipmi_sim. `node test/real/bmc-record.ts`.
 */
const password = randomBytes(8).toString("hex");
const random = { next: Math.random, bytes: (count: number) => randomBytes(count) };
const target = join(import.meta.dirname, "../../hardware-fixtures/bmcs");
const lies: BmcLies = {
  cipherZero: true,
  powerStatesDiffer: true,
  clockOffMs: -7_200_000,
  dcmiWatts: 396,
  badFruChecksum: true,
};

const clockMs = systemClock.nowUnixMs();
const ours = await startSimulatedBmc({
  address: "127.0.2.40",
  seed: "fixture",
  password,
  clockMs,
  random,
  lies,
});
await record("wwslab-simulated-lying", ours.address, ours.ipmi.port, ours.redfish.port);
await ours.close();

const folder = mkdtempSync(join(tmpdir(), "bmc-record-"));
const theirs = await startLanSimulator(
  folder,
  simulatedState("fixture", password, clockMs),
  password,
);
await record("debian-ipmi-sim", theirs.address, theirs.port, null);
await theirs.stop();
rmSync(folder, { recursive: true });

async function record(
  name: string,
  address: string,
  ipmiPort: number,
  redfishPort: number | null,
): Promise<void> {
  const probed = await probe(
    {
      address,
      protocol: redfishPort === null ? "ipmi" : "both",
      ipmiPort,
      redfishPort: redfishPort ?? 443,
      user: labUser,
      password,
      packetTimeoutMs: 2_000,
      httpTimeoutMs: 10_000,
      paceMs: 0,
    },
    { clock: systemClock, random, signal: new AbortController().signal, progress: () => {} },
  );
  mkdirSync(join(target, name, "expected"), { recursive: true });
  for (const [file, text] of probed.record()) writeFileSync(join(target, name, file), text);
}
