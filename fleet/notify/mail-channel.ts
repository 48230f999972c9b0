import { createTransport } from "nodemailer";
import { alertNumbers } from "#fleet/alerts/alert-numbers.ts";
import type { Channel, SendOutcome } from "#fleet/alerts/delivery.ts";
import { mailText } from "./mail-text.ts";
import type { MailSetting } from "#fleet/config/alert-settings.ts";
import type { NotifyEffects } from "./notify-effects.ts";

/** One mail for what comes within a minute, over a connection of its own. */
export function createMailChannel(setting: MailSetting, effects: NotifyEffects): Channel {
  const where = `${setting.server}:${setting.port}`;
  return {
    name: setting.name,
    kind: "mail",
    target: `${setting.to.join(", ")} by ${where}`,
    severity: setting.severity,
    messagesPerHour: setting.perHour,
    digestMs: alertNumbers.digestMs,
    batchMax: alertNumbers.digestMax,
    async send(batch): Promise<SendOutcome> {
      const files = readFiles(setting, effects);
      if (typeof files === "string") return { kind: "failed", words: files, retryAfterMs: null };
      const { subject, text, messageId, references } = mailText(
        batch,
        effects.cell,
        effects.consoleUrl,
      );
      const transport = createTransport(transportOf(setting, files));
      const late = new AbortController();
      const cancel = effects.clock.after(mailMsMax, () => late.abort());
      try {
        const sending = transport.sendMail({
          from: setting.from,
          to: [...setting.to],
          subject,
          text,
          messageId,
          references: [...references],
          ...(references.length === 0 ? {} : { inReplyTo: references.at(-1) ?? "" }),
          headers: { "Auto-Submitted": "auto-generated" },
        });
        // A server that says a word every few seconds and comes to no end would hold up all that waits.
        const sent = await Promise.race([sending, whenAborted(late.signal)]);
        if (sent === "late")
          return { kind: "failed", words: `${where}: no end within a minute`, retryAfterMs: null };
        const refused = sent.rejected.length;
        const but =
          refused === 0 ? "" : `, and refused ${refused} of ${setting.to.length} addresses`;
        return { kind: "sent", words: `${where} took it${but}` };
      } catch (error) {
        return mailOutcome(where, error);
      } finally {
        cancel();
        transport.close();
      }
    },
  };
}

/** From the connection to the last word of the server. */
const mailMsMax = 60_000;

function whenAborted(signal: AbortSignal): Promise<"late"> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve("late"), { once: true });
  });
}

interface SecretFiles {
  readonly password: string | null;
  readonly ca: string | null;
}

function transportOf(setting: MailSetting, { password, ca }: SecretFiles) {
  const { server, port, security, user } = setting;
  const { answerMsMax } = alertNumbers;
  return {
    host: server,
    port,
    secure: security === "tls",
    // Without it a server that offers none would be spoken to in plain text.
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user === null || password === null ? {} : { auth: { user, pass: password } }),
    tls: { minVersion: "TLSv1.2" as const, ...(ca === null ? {} : { ca }) },
    connectionTimeout: answerMsMax,
    greetingTimeout: answerMsMax,
    socketTimeout: 3 * answerMsMax,
    // Nothing of a mail is ever read from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Read anew for each mail, so that they are changed without a restart. A text: why not. */
function readFiles(setting: MailSetting, effects: NotifyEffects): SecretFiles | string {
  const read = { password: null, ca: null } as { password: string | null; ca: string | null };
  if (setting.passwordFile !== null) {
    const text = effects.readSecret(setting.passwordFile);
    if (!text.ok) return text.problem;
    read.password = text.value.split("\n", 1)[0]?.trim() ?? "";
  }
  if (setting.caFile !== null) {
    const text = effects.readPublic(setting.caFile);
    if (!text.ok) return text.problem;
    read.ca = text.value;
  }
  return read;
}

/** A 5xx of SMTP is a refusal, the rest passes. What a server says is cut: it may repeat addresses. */
function mailOutcome(where: string, error: unknown): SendOutcome {
  const told = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
  const code =
    error instanceof Error && "responseCode" in error && typeof error.responseCode === "number"
      ? error.responseCode
      : null;
  const words = `${where}: ${(told ?? "").slice(0, 300)}`;
  if (code !== null && code >= 500 && code < 600)
    return { kind: "refused", words, isFinal: code === 552 || code === 554 };
  return { kind: "failed", words, retryAfterMs: null };
}
