import type { Host } from "#fleet/api/host-schemas.ts";
import type { LifeExplanationView } from "#fleet/api/life-schemas.ts";
import { Command } from "../../parts/copy.tsx";
import { WhyList } from "../../parts/why-list.tsx";
import { shellQuote } from "#proto/vocabulary/shell-words.ts";

/** What people ask for, as the command that shows its plan first; the others say why not. */
const shown = ["drain", "reboot", "return", "clear"];

export function HostVerbs({
  host,
  verbs,
}: {
  readonly host: Host;
  readonly verbs: LifeExplanationView["verbs"];
}) {
  const told = shown.flatMap((name) => verbs.filter(({ verb }) => verb === name));
  if (told.length === 0) return null;
  const allowed = told.filter(({ isAllowed }) => isAllowed);
  return (
    <details className="because verbs">
      <summary>
        What may be done:{" "}
        {allowed.length === 0 ? "nothing now" : allowed.map(({ verb }) => verb).join(", ")}
      </summary>
      <ul className="lines">
        {told.map(({ verb, isAllowed, why }) => (
          <li key={verb}>
            <strong>{verb}</strong>
            {isAllowed ? (
              <Command
                text={`npx wws-fleet host ${verb} ${shellQuote(host.name)} --reason REASON`}
              />
            ) : (
              <>
                <span className="dim">not now</span>
                <WhyList whys={why} label={`Why no ${verb}`} />
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
