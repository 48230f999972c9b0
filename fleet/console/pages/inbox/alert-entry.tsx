import { Link } from "react-router";
import type { Alert, Silence } from "#fleet/api/alert-schemas.ts";
import { apiPost } from "../../api/client.ts";
import { managerNowMs } from "../../api/manager-clock.ts";
import { Command } from "../../parts/copy.tsx";
import { type ReasonedAction, ReasonedActions } from "../../parts/reasoned-actions.tsx";
import { State } from "../../parts/state.tsx";
import { Ago } from "../../parts/time.tsx";
import { placeWords, severityLooks, silenceSpans } from "../../words/alert-words.ts";
import { runnable } from "../../words/why-words.ts";

/** One alert: what, since when, where, what to do; and the word that somebody has looked. */
export function AlertEntry({
  alert,
  onChange,
}: {
  readonly alert: Alert;
  readonly onChange: () => void;
}) {
  const { severity, words, sinceMs, command, acknowledged, silenced, resolvedMs } = alert;
  const place = placeWords(alert);
  return (
    <li
      data-alert={alert.kind}
      className={silenced === null && alert.state === "open" ? undefined : "is-quiet"}
    >
      <p className="inbox-head">
        <State look={severityLooks[severity]} /> <strong className="break">{words}</strong>
      </p>
      <p className="dim small">
        since <Ago timeMs={sinceMs} />
        {place === "" ? null : <> · {place}</>}
        {acknowledged === null ? null : (
          <span className="break">
            {" · "}acknowledged by {acknowledged.by} <Ago timeMs={acknowledged.atMs} />:{" "}
            {acknowledged.reason}
          </span>
        )}
        {silenced === null ? null : <span className="break"> · not told: {silenced.words}</span>}
        {resolvedMs === null ? null : (
          <span className="break">
            {" · "}resolved <Ago timeMs={resolvedMs} />: {alert.resolvedBecause}
          </span>
        )}
      </p>
      <Hosts alert={alert} />
      {resolvedMs === null ? (
        <>
          {command === null ? null : <Command text={runnable(command)} />}
          <ReasonedActions of={words} actions={actionsOf(alert)} onDone={onChange} />
        </>
      ) : null}
    </li>
  );
}

function Hosts({ alert: { hosts, of, scope } }: { readonly alert: Alert }) {
  const [only, ...others] = hosts;
  if (only === undefined) return null;
  const links = hosts.map((name) => (
    <Link key={name} to={`/hosts/${encodeURIComponent(name)}`}>
      {name}
    </Link>
  ));
  if (others.length === 0) return <p className="small">{links}</p>;
  return (
    <details className="because">
      <summary>
        {hosts.length} of {of} hosts of {scope.kind} {scope.name}
      </summary>
      <p className="chips">{links}</p>
    </details>
  );
}

function actionsOf(alert: Alert): readonly ReasonedAction[] {
  const isEvent = alert.kind === "domain-event";
  const why = alert.acknowledged === null ? null : `${alert.acknowledged.by} has looked already`;
  return [
    {
      verb: "acknowledge",
      meaning: isEvent
        ? "You have looked: automation goes on there, and the same losses raise no second alert."
        : "You have looked: it is told no more until it is worse or over.",
      whyNot: why,
      run: (reason) =>
        apiPost<Alert>(`/alerts/${encodeURIComponent(alert.id)}/acknowledge`, { reason }),
    },
    ...silenceSpans.map(
      ({ words, ms }): ReasonedAction => ({
        verb: `silence ${words}`,
        meaning: `It stays here and is not told for ${words}. Then, if it is still so, it is.`,
        whyNot: alert.silenced === null ? null : "it is silenced already",
        run: (reason) =>
          apiPost<Silence>("/alerts/silences", {
            selector: alert.key,
            untilMs: managerNowMs() + ms,
            reason,
          }),
      }),
    ),
  ];
}
