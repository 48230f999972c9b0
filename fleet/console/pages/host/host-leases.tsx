import type { Host } from "#fleet/api/host-schemas.ts";
import { Ago } from "../../parts/time.tsx";

/** Whom the host serves, and what each of them wants when it is emptied. */
export function HostLeases({ leases }: { readonly leases: Host["leases"] }) {
  if (leases.length === 0) return null;
  return (
    <section aria-labelledby="leases">
      <h2 id="leases">Leased</h2>
      <ul className="lines">
        {leases.map((lease) => (
          <li key={lease.id}>
            <strong>{lease.tenant}</strong>
            <span>{lease.share}</span>
            <span className="dim">
              {lease.trust}, notice {lease.notice}, in a drain {lease.evacuation}
            </span>
            <span className="dim">
              since <Ago timeMs={lease.startsMs} /> by {lease.createdBy}
            </span>
            {lease.workloads.length === 0 ? null : (
              <span className="mono break small">{lease.workloads.join(", ")}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
