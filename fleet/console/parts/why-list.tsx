import type { WhyView } from "#fleet/api/why-schema.ts";
import { runnable, whoCanEnd } from "../words/why-words.ts";
import { Command } from "./copy.tsx";
import { useNow } from "./now.ts";
import { Ago } from "./time.tsx";

/** Each reason with its exit: what, until when, who can end it, and the command to copy. */
export function WhyList({
  whys,
  label,
}: {
  readonly whys: readonly WhyView[];
  readonly label: string;
}) {
  return (
    <ul className="whys" aria-label={label}>
      {whys.map((why, index) => (
        // Two reasons may say the same of two things: the place makes them different.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={`${index} ${why.code} ${why.words}`}>
          <span className="break">{why.words}</span> <Exit why={why} />
        </li>
      ))}
    </ul>
  );
}

function Exit({ why: { who, command, untilMs } }: { readonly why: WhyView }) {
  const whoCan = whoCanEnd(who);
  return (
    <>
      {untilMs === null ? null : <Until untilMs={untilMs} />}
      {whoCan === null ? null : <span className="dim break"> · {whoCan} can end it</span>}
      {whoCan === null && command === null && untilMs === null ? (
        <span className="dim"> · only the world can end it</span>
      ) : null}
      {command === null ? null : (
        <span className="why-exit">
          <Command text={runnable(command)} />
        </span>
      )}
    </>
  );
}

/** When it ends by itself; of a time that is over it says so. */
function Until({ untilMs }: { readonly untilMs: number }) {
  const words = useNow((nowMs) => (untilMs <= nowMs ? "that was due" : "until"));
  return (
    <span className="dim">
      · {words} <Ago timeMs={untilMs} />
    </span>
  );
}

/** The first reason in a cell of a table; how many more there are is said. */
export function WhyCell({ whys }: { readonly whys: readonly WhyView[] }) {
  const [first, ...more] = whys;
  if (first === undefined) return null;
  return (
    <details className="because">
      <summary>
        <span className="break">{first.words}</span>
        {more.length === 0 ? null : <span className="dim"> and {more.length} more</span>}
      </summary>
      <WhyList whys={whys} label="Each reason, and who can end it" />
    </details>
  );
}
