import type { Host } from "#fleet/api/host-schemas.ts";

/** The shapes that go with states; each is drawn in parts/shape.tsx and differs without colour. */
export const shapes = [
  "disc",
  "half",
  "ring",
  "triangle",
  "square",
  "cross",
  "dashes",
  "question",
] as const;
export type Shape = (typeof shapes)[number];

export type Tone = "ok" | "info" | "warn" | "bad" | "unknown";

export interface StateLook {
  readonly word: string;
  readonly shape: Shape;
  readonly tone: Tone;
  /** What a person should understand by it. */
  readonly meaning: string;
}

export const linkLooks: Readonly<Record<Host["link"]["state"], StateLook>> = {
  connected: { word: "connected", shape: "disc", tone: "ok", meaning: "the agent reports" },
  late: {
    word: "late",
    shape: "triangle",
    tone: "warn",
    meaning: "three heartbeats are missing; it may come back by itself",
  },
  lost: {
    word: "lost",
    shape: "cross",
    tone: "bad",
    meaning: "nothing heard for longer than the grace time; figures are old",
  },
  never: {
    word: "never",
    shape: "dashes",
    tone: "unknown",
    meaning: "its agent has not connected since it was enrolled",
  },
};

export const healthLooks: Readonly<Record<Host["health"]["verdict"], StateLook>> = {
  ok: { word: "ok", shape: "disc", tone: "ok", meaning: "nothing known is wrong" },
  degraded: { word: "degraded", shape: "triangle", tone: "warn", meaning: "it works, with less" },
  failing: { word: "failing", shape: "half", tone: "bad", meaning: "a part is about to fail" },
  failed: { word: "failed", shape: "cross", tone: "bad", meaning: "a part has failed" },
  unknown: { word: "unknown", shape: "question", tone: "unknown", meaning: "too little is known" },
};

const lifecycleLooks: Readonly<Record<string, StateLook>> = {
  planned: { word: "planned", shape: "dashes", tone: "unknown", meaning: "not there yet" },
  new: { word: "new", shape: "ring", tone: "info", meaning: "enrolled, not checked yet" },
  available: { word: "available", shape: "disc", tone: "info", meaning: "free for work" },
  active: { word: "active", shape: "disc", tone: "ok", meaning: "in use" },
  inspecting: {
    word: "inspecting",
    shape: "half",
    tone: "info",
    meaning: "compared with its class",
  },
  "burning in": { word: "burning in", shape: "half", tone: "info", meaning: "its parts are tried" },
  deploying: { word: "deploying", shape: "half", tone: "info", meaning: "an image is written" },
  draining: { word: "draining", shape: "half", tone: "info", meaning: "work is moved off" },
  drained: { word: "drained", shape: "ring", tone: "info", meaning: "empty and fenced" },
  servicing: { word: "servicing", shape: "half", tone: "info", meaning: "somebody works on it" },
  "under repair": { word: "under repair", shape: "half", tone: "info", meaning: "it is repaired" },
  reimaging: { word: "reimaging", shape: "half", tone: "info", meaning: "it is written anew" },
  quarantined: {
    word: "quarantined",
    shape: "square",
    tone: "bad",
    meaning: "failed; needs a way back",
  },
  retiring: { word: "retiring", shape: "half", tone: "info", meaning: "it goes out for good" },
  retired: { word: "retired", shape: "dashes", tone: "unknown", meaning: "out for good" },
};

/** A newer manager may say a word that this page does not know: it is shown as it is. */
export function lifecycleLook(word: string): StateLook {
  return (
    (Object.hasOwn(lifecycleLooks, word) ? lifecycleLooks[word] : undefined) ?? {
      word,
      shape: "question",
      tone: "unknown",
      meaning: "this page does not know the word; reload it",
    }
  );
}

/** The order in which counts are shown: what is wrong comes last, next to the eye's return. */
export const linkOrder = ["connected", "late", "lost", "never"] as const;
export const healthOrder = ["ok", "degraded", "failing", "failed", "unknown"] as const;
export const lifecycleOrder: readonly string[] = Object.keys(lifecycleLooks);

export type StateKind = "link" | "health" | "lifecycle";

export function findLook(kind: StateKind, word: string): StateLook {
  if (kind === "link" && Object.hasOwn(linkLooks, word))
    return linkLooks[word as Host["link"]["state"]];
  if (kind === "health" && Object.hasOwn(healthLooks, word)) {
    return healthLooks[word as Host["health"]["verdict"]];
  }
  return lifecycleLook(word);
}

/** Counts by state in the stated order, zeros left out, words of a newer manager at the end. */
export function orderCounts(
  kind: StateKind,
  counts: Readonly<Record<string, number>>,
): readonly { readonly look: StateLook; readonly count: number }[] {
  const order: readonly string[] =
    kind === "link" ? linkOrder : kind === "health" ? healthOrder : lifecycleOrder;
  const others = Object.keys(counts).filter((word) => !order.includes(word));
  return [...order, ...others.sort()]
    .map((word) => ({ look: findLook(kind, word), count: counts[word] ?? 0 }))
    .filter(({ count }) => count > 0);
}

/** True where the host does what hosts are there for: then the word is no news. */
export function isUsualLife(lifecycle: string): boolean {
  return lifecycle === "active" || lifecycle === "available";
}

/**
 * One state for a picture with room for one shape: what matters most about the host now. A host that
 * is not there yet has no link to miss; one that is drained or moved off says so before lesser ills.
 */
export function worstLook(host: Pick<Host, "link" | "health" | "lifecycle">): StateLook {
  const lifecycle = lifecycleLook(host.lifecycle);
  if (host.lifecycle === "planned" || host.lifecycle === "retired") return lifecycle;
  const link = linkLooks[host.link.state];
  if (link.tone !== "ok") return link;
  if (lifecycle.tone === "bad") return lifecycle;
  const health = healthLooks[host.health.verdict];
  if (health.tone === "bad") return health;
  if (!isUsualLife(host.lifecycle)) return lifecycle;
  return health.tone === "warn" ? health : lifecycle;
}
