import type { Finding, RuleName } from "#test/simulation/invariants/checker.ts";
import { playStory } from "#test/simulation/hosts/play-story.ts";
import type { Story, StoryEvent } from "#test/simulation/hosts/story.ts";
import { smallestPart } from "./delta-debug.ts";

export interface Shrunk {
  readonly story: Story;
  readonly finding: Finding;
  /** How many stories were played for it. */
  readonly tries: number;
}

/**
 * The smallest story that it finds which still breaks the same rule: shorter, of fewer events, with one
 * manager, of fewer hosts. null: the story breaks no rule.
 */
export async function shrinkStory(
  story: Story,
  options: { readonly rule?: RuleName; readonly triesMax?: number } = {},
): Promise<Shrunk | null> {
  let left = options.triesMax ?? 400;
  let tries = 0;
  let rule = options.rule;
  let best: { readonly story: Story; readonly finding: Finding } | null = null;
  const breaks = async (candidate: Story): Promise<boolean> => {
    left -= 1;
    tries += 1;
    const { findings } = await playStory(candidate);
    const finding = findings.find((one) => rule === undefined || one.rule === rule);
    if (finding === undefined) return false;
    best = { story: candidate, finding };
    return true;
  };
  if (!(await breaks(story))) return null;
  rule ??= best === null ? undefined : (best as { finding: Finding }).finding.rule;
  const smallest = (): Story => (best as { story: Story } | null)?.story ?? story;
  const shrinkEvents = async (): Promise<void> => {
    await smallestPart(
      smallest().events,
      (events) => breaks({ ...smallest(), events }),
      Math.max(0, left),
    );
  };

  // What comes after the rule was broken is no part of it; mostly half of the rest is not either.
  for (let share = 0.5; share < 1 && left > 0; share += 0.125)
    if (await breaks(cutAt(story, story.spanMs * share))) break;
  await shrinkEvents();
  if (smallest().managers === 2 && left > 0)
    await breaks({
      ...smallest(),
      managers: 1,
      events: smallest().events.filter((event) => !("seat" in event) || event.seat === "A"),
    });
  if (left > 0) await breaks(withUsedHosts(smallest()));
  const last = smallest().events.at(-1)?.atMs ?? 0;
  for (const spanMs of [last + 60_000, last + 600_000])
    if (left > 0 && spanMs < smallest().spanMs && (await breaks({ ...smallest(), spanMs }))) break;
  await shrinkEvents();
  return best === null ? null : { ...(best as { story: Story; finding: Finding }), tries };
}

function cutAt(story: Story, spanMs: number): Story {
  return { ...story, spanMs, events: story.events.filter(({ atMs }) => atMs <= spanMs) };
}

/** Only the hosts that something happens to, numbered anew. */
function withUsedHosts(story: Story): Story {
  const used = [...new Set(story.events.flatMap(hostsOf))].toSorted((left, right) => left - right);
  const numberOf = (host: number): number => Math.max(0, used.indexOf(host));
  const renumbered = story.events.map((event): StoryEvent => {
    const host = "host" in event && event.host !== null ? { host: numberOf(event.host) } : {};
    const victim = "victim" in event ? { victim: numberOf(event.victim) } : {};
    const hosts = "hosts" in event ? { hosts: event.hosts.map(numberOf) } : {};
    return { ...event, ...host, ...victim, ...hosts } as StoryEvent;
  });
  return { ...story, hosts: Math.max(1, used.length), events: renumbered };
}

function hostsOf(event: StoryEvent): readonly number[] {
  return [
    ...("host" in event && event.host !== null ? [event.host] : []),
    ...("victim" in event ? [event.victim] : []),
    ...("hosts" in event ? event.hosts : []),
  ];
}
