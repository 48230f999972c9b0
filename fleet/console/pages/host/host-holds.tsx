import { useQueryClient } from "@tanstack/react-query";
import type { Host } from "#fleet/api/host-schemas.ts";
import { apiDelete } from "../../api/client.ts";
import { ReasonedActions } from "../../parts/reasoned-actions.tsx";
import { Ago } from "../../parts/time.tsx";
import { holdMeaning } from "../../words/hold-words.ts";

/** What must not be done to the host: by whom, why, until when, and the way to release each. */
export function HostHolds({ holds }: { readonly holds: Host["holds"] }) {
  const queries = useQueryClient();
  if (holds.length === 0) return null;
  return (
    <section aria-labelledby="holds">
      <h2 id="holds">Held</h2>
      <ul className="lines holds">
        {holds.map((hold) => (
          <li key={hold.id}>
            <strong className="mono">{hold.kind}</strong>
            <span>
              by {hold.holder} <Ago timeMs={hold.createdMs} />:{" "}
              <span className="break">{hold.reason}</span>
            </span>
            <span className="dim">
              {holdMeaning(hold.kind)}
              {hold.forWhom === null ? "" : ` (${hold.forWhom})`}
            </span>
            <span className="dim">
              {hold.expiresMs === null ? (
                "until it is released"
              ) : (
                <>
                  ends <Ago timeMs={hold.expiresMs} />
                </>
              )}
              {hold.reviewMs === null ? null : (
                <>
                  {" "}
                  · to be looked at <Ago timeMs={hold.reviewMs} />
                </>
              )}
            </span>
            <ReasonedActions
              of={`the ${hold.kind} hold of ${hold.holder}`}
              actions={[
                {
                  verb: "release",
                  meaning: "That one only; the host's other holds stay.",
                  whyNot: null,
                  run: (reason) =>
                    apiDelete(
                      `/holds/${encodeURIComponent(hold.id)}?reason=${encodeURIComponent(reason)}`,
                    ),
                },
              ]}
              onDone={() => {
                void queries.invalidateQueries({ queryKey: ["host"] });
                void queries.invalidateQueries({ queryKey: ["explanation"] });
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
