import { ApiError, apiStream } from "./client.ts";
import { createEventTextReader, type LiveEvent } from "./event-text.ts";
import { managerNowMs } from "./manager-clock.ts";

/** How fresh this page is: the manager's event stream is open, or has not been since when. */
export type LiveState =
  | { readonly kind: "live" }
  | { readonly kind: "connecting" }
  | { readonly kind: "reconnecting"; readonly sinceMs: number };

/** The manager sends a comment every 15 s; a wire that is silent for three of them is dead. */
const silenceMsMax = 45_000;
const retryMs = 1_000;

/**
 * Keeps one event stream open until the signal ends it. Read with fetch and not with EventSource,
 * which hides comments (so a dead wire looks alive) and cannot tell a refusal from a lost manager.
 */
export async function keepLive(
  told: {
    readonly onState: (state: LiveState) => void;
    readonly onEvent: (event: LiveEvent) => void;
    /** The session has ended: there is no use in trying again. */
    readonly onRefused: (error: ApiError) => void;
  },
  signal: AbortSignal,
): Promise<void> {
  let lastId: string | null = null;
  let sinceMs: number | null = null;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener("abort", stop);
    let silence = setTimeout(stop, silenceMsMax);
    try {
      const headers: Record<string, string> = lastId === null ? {} : { "last-event-id": lastId };
      const body = await apiStream("/events", headers, attempt.signal);
      told.onState({ kind: "live" });
      sinceMs = null;
      const reader = createEventTextReader();
      for await (const text of textOf(body)) {
        clearTimeout(silence);
        silence = setTimeout(stop, silenceMsMax);
        for (const { id, event } of reader.push(text)) {
          lastId = id ?? lastId;
          if (event !== null) told.onEvent(event);
        }
      }
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return told.onRefused(error);
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", stop);
    }
    if (signal.aborted) return;
    sinceMs ??= managerNowMs();
    told.onState({ kind: "reconnecting", sinceMs });
    await pause(retryMs + spreadMs(), signal);
  }
}

/** So that two hundred consoles do not come back in the same instant. */
function spreadMs(): number {
  return performance.now() % 1_000;
}

async function* textOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    signal.addEventListener("abort", end);
  });
}
