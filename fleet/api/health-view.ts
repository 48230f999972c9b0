import type { Finding, HealthView } from "#fleet/health/finding.ts";
import type { HostEvent } from "#fleet/health/host-event.ts";
import { partWords } from "#fleet/health/part.ts";
import type { RebootAnswer } from "#fleet/health/reboot-facts.ts";
import type { LinkView } from "#fleet/inventory/links.ts";
import type { LatestView } from "#fleet/telemetry/telemetry.ts";
import type { HostFacts } from "./host-facts.ts";
import type { HostEvents } from "./health-schemas.ts";
import type { Host } from "./host-schemas.ts";

/**
 * The verdict of the rules, and what keeps them from seeing. A link that is lost makes no host worse;
 * but of a host that nobody hears, and that had no finding, nothing is known: it is not called ok.
 */
export function viewHealth(
  view: HealthView,
  evidence: {
    readonly link: LinkView;
    readonly latest: LatestView | undefined;
    readonly facts: HostFacts;
  },
): Host["health"] {
  const { link, latest, facts } = evidence;
  const findings = view.findings.map(viewFinding);
  const blind: string[] = [];
  if (link.state === "lost") blind.push("the link is lost");
  if (link.state === "never") blind.push("its agent has not connected since it was enrolled");
  if (link.state !== "never" && latest === undefined) blind.push("no report has come yet");
  for (const failure of facts.failedCollectors) blind.push(`cannot read ${failure}`);
  if (blind.length === 0 && view.verdict === "unknown")
    blind.push("it has reported nothing that a health rule can judge, or was not judged yet");
  const verdict = findings.length > 0 || blind.length === 0 ? view.verdict : "unknown";
  return { verdict, reasons: [...view.findings.map(findingWords), ...blind], findings };
}

export function viewFinding(finding: Finding): Host["health"]["findings"][number] {
  return { ...finding, component: { ...finding.component } };
}

export function viewReboot(reboot: RebootAnswer): NonNullable<Host["lastReboot"]> {
  return { ...reboot, because: [...reboot.because] };
}

/** `disk sda (slot 3, serial S1): reallocated sectors: 312, 8 of them in the last 24 h`. */
function findingWords({ component, detail, isStale }: Finding): string {
  return `${partWords(component)}: ${detail}${isStale ? " (not seen any more)" : ""}`;
}

const changeWords = {
  raised: "found",
  worse: "got worse",
  better: "got better",
  cleared: "is over",
  gone: "is dropped: the part is not shown any more",
  aged: "is dropped: the host was silent for too long",
} as const;

/** What happened to a host, each with a sentence for people. */
export function viewEvent({ id, atMs, what }: HostEvent): HostEvents["items"][number] {
  if (what.kind === "reboot") {
    const { reboot } = what;
    const words = `rebooted: ${reboot.cause} (${reboot.confidence}), because ${reboot.because.join("; ")}`;
    return { id, atMs, kind: "reboot", words, finding: null, reboot: viewReboot(reboot) };
  }
  const { kind, finding } = what.change;
  const words = `${finding.rule} ${changeWords[kind]}: ${findingWords(finding)}`;
  return { id, atMs, kind, words, finding: viewFinding(finding), reboot: null };
}
