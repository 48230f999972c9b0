import type { Host } from "./host-schemas.ts";
import type { Supply } from "./place-schemas.ts";

/** Counts and sums over a set of hosts. What a host does not say is left out, never taken as zero. */
export function sumSupply(hosts: readonly Host[]): Supply {
  const watts = known(hosts, (host) => host.power.watts);
  const cpu = known(hosts, (host) =>
    host.link.state === "connected" || host.link.state === "late"
      ? host.latest.cpuUtilization
      : null,
  );
  return {
    hosts: hosts.length,
    simulated: hosts.filter((host) => host.simulated).length,
    byLink: countBy(hosts, (host) => host.link.state),
    byLifecycle: countBy(hosts, (host) => host.lifecycle),
    byHealth: countBy(hosts, (host) => host.health.verdict),
    watts: watts.length === 0 ? null : sum(watts),
    wattsCoverage: hosts.length === 0 ? 0 : watts.length / hosts.length,
    cpuUtilization: cpu.length === 0 ? null : sum(cpu) / cpu.length,
  };
}

function known(hosts: readonly Host[], figure: (host: Host) => number | null): readonly number[] {
  return hosts.map(figure).filter((value) => value !== null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function countBy(hosts: readonly Host[], word: (host: Host) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const host of hosts) counts.set(word(host), (counts.get(word(host)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
