import { alertNumbers } from "#fleet/alerts/alert-numbers.ts";
import type { Channel, SendOutcome } from "#fleet/alerts/delivery.ts";
import { parseSecrets, signWebhook } from "#fleet/alerts/sign-webhook.ts";
import { webhookBody } from "#fleet/alerts/webhook-body.ts";
import { httpOutcome } from "./http-outcome.ts";
import type { WebhookSetting } from "#fleet/config/alert-settings.ts";
import type { NotifyEffects } from "./notify-effects.ts";

/** Posts alerts, one a message, signed, to the one address that was configured. */
export function createWebhookChannel(setting: WebhookSetting, effects: NotifyEffects): Channel {
  const { clock } = effects;
  const { origin } = new URL(setting.url);
  return {
    name: setting.name,
    kind: "webhook",
    // The path is often the secret.
    target: origin,
    severity: setting.severity,
    messagesPerHour: setting.perHour,
    digestMs: 0,
    batchMax: 1,
    async send(batch): Promise<SendOutcome> {
      const secrets = readSecrets(setting, effects);
      if (typeof secrets === "string")
        return { kind: "failed", words: secrets, retryAfterMs: null };
      const body = webhookBody(batch, effects.cell, effects.consoleUrl);
      const late = new AbortController();
      const { answerMsMax } = alertNumbers;
      const cancel = clock.after(answerMsMax, () =>
        late.abort(new Error(`no answer within ${answerMsMax / 1_000} s`)),
      );
      try {
        const response = await effects.fetch(setting.url, {
          method: "POST",
          redirect: "manual",
          signal: late.signal,
          headers: {
            "content-type": "application/json",
            "user-agent": "wws-fleet",
            ...signWebhook({ id: batch.id, body }, clock.nowUnixMs(), secrets),
          },
          body,
        });
        // Whatever is in the answer is nothing to us; its connection is let go.
        await response.body?.cancel();
        const retryAfter = response.headers.get("retry-after");
        return addressed(origin, httpOutcome(response.status, retryAfter, clock.nowUnixMs()));
      } catch (cause) {
        return addressed(origin, {
          kind: "failed",
          words: late.signal.aborted ? wordsOf(late.signal.reason) : wordsOf(cause),
          retryAfterMs: null,
        });
      } finally {
        cancel();
      }
    },
  };
}

/** Read anew for each message, so that a secret is changed without a restart. A text: why not. */
function readSecrets(
  { secretFile }: WebhookSetting,
  { readSecret }: NotifyEffects,
): readonly Uint8Array[] | string {
  const text = readSecret(secretFile);
  if (!text.ok) return text.problem;
  const secrets = parseSecrets(text.value);
  return secrets.ok ? secrets.value : `${secretFile} ${secrets.problem}`;
}

function addressed(origin: string, outcome: SendOutcome): SendOutcome {
  return { ...outcome, words: `${origin}: ${outcome.words}` };
}

/** `fetch failed` says nothing; its cause does. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner = cause.cause;
  if (!(inner instanceof Error)) return cause.message;
  const code = "code" in inner ? String(inner.code) : "";
  return code === "" || inner.message.includes(code)
    ? inner.message
    : `${code} ${inner.message}`.trim();
}
