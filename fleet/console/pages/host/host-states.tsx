import type { ReactNode } from "react";
import type { Host } from "#fleet/api/host-schemas.ts";
import { Findings } from "./findings.tsx";
import { LastReboot } from "./last-reboot.tsx";
import { Command } from "../../parts/copy.tsx";
import { Figure } from "../../parts/figure.tsx";
import { State } from "../../parts/state.tsx";
import { Ago, LastsFor } from "../../parts/time.tsx";
import { healthLooks, lifecycleLook, linkLooks } from "../../words/state-words.ts";

/** What is wrong, since when, and what can be done: the first thing that one reads. */
export function HostStates({ host }: { readonly host: Host }) {
  const { link, health, power } = host;
  return (
    <>
      <dl className="facts-line">
        <Fact name="Link">
          <State look={linkLooks[link.state]} />
          {link.sinceMs === null ? null : (
            <span className="dim">
              for <LastsFor sinceMs={link.sinceMs} />
            </span>
          )}
        </Fact>
        <Fact name="Lifecycle">
          <State look={lifecycleLook(host.lifecycle)} />
          <RunningStep op={host.op} />
        </Fact>
        <Fact name="Health">
          <State look={healthLooks[health.verdict]} />
        </Fact>
        <Fact name="Last reboot">
          <LastReboot reboot={host.lastReboot} />
        </Fact>
        <Fact name="Power">
          <Figure value={power.watts} unit="W" why={power.reason} />
          {power.watts === null || power.source === null ? null : (
            <span className="dim">{power.source}</span>
          )}
        </Fact>
        <Fact name="Last report">
          {host.lastReportAt === null ? (
            <span className="dim">none yet</span>
          ) : (
            <Ago timeMs={host.lastReportAt} />
          )}
        </Fact>
      </dl>
      {power.watts === null && power.reason !== null ? (
        <p className="dim">
          <strong>No watts:</strong> {power.reason}.
        </p>
      ) : null}
      {health.reasons.length === 0 && link.state === "connected" ? null : (
        <WhatIsWrong host={host} />
      )}
    </>
  );
}

function WhatIsWrong({ host }: { readonly host: Host }) {
  const { link, health } = host;
  // A reason for each finding comes first; the rest is what keeps the rules from seeing.
  const blind = health.reasons.slice(health.findings.length);
  const isBad =
    link.state === "lost" || health.verdict === "failed" || health.verdict === "failing";
  return (
    <section
      className={`notice slim ${isBad ? "notice-bad" : "notice-warn"}`}
      aria-label="What is wrong"
    >
      <Findings findings={health.findings} />
      {blind.length === 0 ? null : (
        <ul className="plain">
          {blind.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {link.state === "connected" ? null : (
        <p>
          {linkLooks[link.state].meaning}
          {link.lastHeardMs === null ? "" : " · last heard "}
          {link.lastHeardMs === null ? null : <Ago timeMs={link.lastHeardMs} />}. On the host
          itself: <Command text="npx wws-agent status" />
        </p>
      )}
    </section>
  );
}

/** What runs on it, where the lifecycle's word does not say it, and the step that it is at. */
function RunningStep({ op }: { readonly op: Host["op"] }) {
  if (op === null) return null;
  return (
    <span className={op.isPaused ? "tone-warn" : "dim"}>
      {op.kind}: {op.step}
      {op.isPaused ? ", paused" : ""}
    </span>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
