import type { Story, StoryAction, StoryEvent } from "./story.ts";
import { clockText } from "./trace.ts";

/** The whole story, a line for each event. */
export function tellStory(story: Story): readonly string[] {
  const managers = story.managers === 2 ? "two managers on one store" : "one manager";
  return [
    `seed ${story.seed}: ${story.hosts} hosts for ${clockText(story.spanMs)}, ${managers}, ${story.events.length} events`,
    ...story.events.map((event) => `  ${clockText(event.atMs)}  ${tellEvent(event)}`),
  ];
}

/** One event in a sentence without its time: `ann orders reboot of host 3`. */
export function tellEvent(event: StoryEvent): string {
  const host = "host" in event ? `host ${event.host ?? "of all"}` : "";
  switch (event.do) {
    case "manager-killed":
      return `manager ${event.seat} is killed, for ${seconds(event.downMs)}`;
    case "manager-killed-at":
      return `manager ${event.seat} will be killed at ${event.point}, for ${seconds(event.downMs)}`;
    case "manager-stopped-at-await":
      return `manager ${event.seat} will be ${event.how} at its ${event.nth}. ${event.moment} to the store, for ${seconds(event.forMs)}`;
    case "manager-paused":
      return `manager ${event.seat} is paused for ${seconds(event.forMs)}`;
    case "manager-clock":
      return `the wall clock of manager ${event.seat} jumps by ${seconds(event.byMs)}`;
    case "store-restored":
      return `the store is restored from ${seconds(event.ageMs)} ago, ${event.isMarked ? "as a backup" : "by a copied file"}; two people look after ${seconds(event.acknowledgeMs)}`;
    case "agent-killed":
      return `the agent of ${host} is killed, for ${seconds(event.downMs)}`;
    case "agent-killed-at":
      return `the agent of ${host} will be killed at ${event.point}`;
    case "agent-killed-at-answer":
      return `the agent of ${host} will be killed at the ${event.nth}. answer of its host`;
    case "orders-torn":
      return `the next note of orders of ${host} ends its agent ${event.how === "before-rename" ? "before" : "after"} it is on disk`;
    case "orders-disk-full":
      return `the disk of ${host} is full for ${seconds(event.forMs)}`;
    case "power-cut":
      return `${host} loses power for ${seconds(event.offMs)}`;
    case "host-clock":
      return `the wall clock of ${host} jumps by ${seconds(event.byMs)}`;
    case "work":
      return `${host} runs ${event.name}, which ${event.manner === "immortal" ? "nothing ends" : event.manner} (${seconds(event.stopMs)})`;
    case "adapter-down":
      return `the adapter of ${host} answers nothing for ${seconds(event.forMs)}`;
    case "hold-file":
      return `a person holds ${host} for ${seconds(event.forMs)}`;
    case "ill":
      return `${host} is failing for ${seconds(event.forMs)}`;
    case "hostile":
      return `${host} is in the wrong hands for ${seconds(event.forMs)}, and speaks of host ${event.victim}`;
    case "cut":
      return `the connection of ${host} is cut`;
    case "partition":
      return `nothing goes ${event.partition} of ${host} for ${seconds(event.forMs)}`;
    case "bad-wire":
      return `the wire of ${host} drops ${percent(event.drop)}, repeats ${percent(event.duplicate)}, reorders ${percent(event.reorder)}, delays up to ${event.delayMsMax} ms, for ${seconds(event.forMs)}`;
    case "start":
      return `${event.by} orders ${action(event.action)} of ${host}`;
    case "plan":
      return `${event.by} plans ${action(event.action)} of hosts ${event.hosts.join(" ")}`;
    case "change-mind":
      return `${event.by} says ${event.verb} to what is done to ${host}`;
    case "change-plan":
      return `${event.by} says ${event.verb} to the newest plan`;
    case "hold":
      return `${event.by} sets ${event.kind} on ${host}${event.forMs === null ? "" : ` for ${seconds(event.forMs)}`}`;
    case "release-hold":
      return `${event.by} releases ${event.kind} of ${host}`;
    case "claim":
      return `acme claims ${host} (${event.share}, ${event.evacuation}, notice ${event.notice})`;
    case "end-lease":
      return `acme ends its lease on ${host}`;
    case "confirm-off":
      return `${event.by} says that ${host} is off`;
    case "look-at-domains":
      return `${event.by} looks at where hosts were lost together`;
    case "revoked":
      return `${event.by} removes ${host}`;
  }
}

function action(what: StoryAction): string {
  if (what.kind !== "drain") return what.kind;
  const { drain, deadlineMs, force, graceMs } = what;
  return `a ${drain} drain (deadline ${seconds(deadlineMs)}, grace ${seconds(graceMs)}${force ? ", forced" : ""})`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
