import type { Host } from "#fleet/api/host-schemas.ts";
import { Ago } from "../../parts/time.tsx";
import { causeWords, confidenceWords } from "../../words/reboot-words.ts";

/** Why the newest boot began, how sure that is, and on what it rests. */
export function LastReboot({ reboot }: { readonly reboot: Host["lastReboot"] }) {
  if (reboot === null) return <span className="dim">none seen</span>;
  return (
    <details className="because">
      <summary>
        {causeWords(reboot.cause)} <Ago timeMs={reboot.noticedMs} />{" "}
        <span className="dim">{confidenceWords[reboot.confidence]}</span>
      </summary>
      <ul className="plain small">
        {reboot.because.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </details>
  );
}
