import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { MailSetting } from "#fleet/config/alert-settings.ts";
import { readSecretFile, readSmallFile } from "#fleet/config/secret-file.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import {
  alertRecord,
  deliveryIdOf,
  deliveryRecord,
  someBatch,
} from "#test/support/alert-builders.ts";
import { systemClock } from "#test/support/system-clock.ts";
import { createTestAuthority } from "#test/support/test-authority.ts";
import { createMailChannel } from "#fleet/notify/mail-channel.ts";

// A real SMTP server, with a certificate that a test's own authority signed.

const password = "canary-smtp-password-1";
let folder: string;
let passwordFile: string;
let caFile: string;
const authority = createTestAuthority();
const { privateKeyPem: key, chainPem: cert } = authority.issueListener(["localhost"]);

interface Mail {
  readonly text: string;
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
  readonly user: string;
}
let mails: Mail[] = [];
let server: SMTPServer | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-mail-"));
  passwordFile = join(folder, "password");
  caFile = join(folder, "ca.pem");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  writeFileSync(caFile, authority.caPem);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  mails = [];
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(resolve)));
  server = undefined;
});

async function listen(options: SMTPServerOptions = {}): Promise<number> {
  const made = new SMTPServer({
    key,
    cert,
    onAuth(auth, _session, done) {
      if (auth.username === "fleet" && auth.password === password) done(null, { user: "fleet" });
      else done(new Error("535 wrong name or password"));
    },
    onData(stream, session, done) {
      let text = "";
      stream.setEncoding("utf8");
      stream.on("data", (part: string) => {
        text += part;
      });
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        // Long lines come in pieces (quoted-printable).
        mails.push({
          text: text.replaceAll("=\r\n", ""),
          to,
          isEncrypted: session.secure,
          user: String(session.user),
        });
        done();
      });
    },
    ...options,
  });
  // A client that turns away our certificate ends its connection as it likes.
  made.on("error", () => {});
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const address = made.server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const channelOf = (port: number, facts: Partial<MailSetting> = {}) =>
  createMailChannel(
    {
      name: "night",
      to: ["ops@example.net", "lead@example.net"],
      from: "fleet@example.net",
      server: "localhost",
      port,
      security: "starttls",
      user: "fleet",
      passwordFile,
      caFile,
      severity: "warn",
      perHour: 30,
      ...facts,
    },
    {
      cell: "fra",
      consoleUrl: null,
      fetch,
      readSecret: readSecretFile,
      readPublic: readSmallFile,
      clock: systemClock,
    },
  );
const headerOf = (name: string, { text }: Pick<Mail, "text">): string =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, "mi").exec(text)?.[1]?.replace(/\r\n\s+/g, " ") ??
  "";

test.each(["starttls", "tls"] as const)(
  "an alert is mailed over %s, signed in",
  async (security) => {
    const port = await listen({ secure: security === "tls" });
    const outcome = await channelOf(port, { security }).send(someBatch());
    expect(outcome).toEqual({ kind: "sent", words: `localhost:${port} took it` });
    const [mail] = mails;
    expect(mail).toMatchObject({
      to: ["ops@example.net", "lead@example.net"],
      isEncrypted: true,
      user: "fleet",
    });
    if (mail === undefined) throw new Error("no mail");
    expect(headerOf("Subject", mail)).toBe("[fra] warn: web-1 is not heard any more");
    expect(headerOf("Message-ID", mail)).toBe(`<${someBatch().id}@fra.wws-fleet>`);
    expect(headerOf("Content-Type", mail)).toMatch(/^text\/plain/);
    expect(mail.text).toMatch(/where: +eu\/fra2\/row-b\/rack-07/);
    expect(mail.text).toMatch(/to do: +wws-fleet host explain web-1/);
  },
);

test("what a host says of itself begins no header and no line", async () => {
  const port = await listen();
  const words = "disk sda\r\nBcc: thief@example.org\r\n\r\nhello \u2028 failed";
  const alert = alertRecord(1, { words });
  const delivery = deliveryRecord(1, { alert });
  await channelOf(port).send(someBatch({ deliveries: [delivery] }));
  const [mail] = mails;
  if (mail === undefined) throw new Error("no mail");
  expect(mail.to).toEqual(["ops@example.net", "lead@example.net"]);
  expect(mail.text).not.toMatch(/^Bcc:/im);
  expect(headerOf("Subject", mail)).toContain("disk sda Bcc: thief@example.org hello failed");
});

test("many alerts are one mail, the worst first; the end answers the beginning", async () => {
  const port = await listen();
  const page = deliveryRecord(2, {
    alert: alertRecord(2, { severity: "page", words: "the disk is full" }),
  });
  const channel = channelOf(port);
  await channel.send(someBatch({ deliveries: [deliveryRecord(1), page], leftOut: 3 }));
  const over = deliveryRecord(3, {
    transition: "resolved",
    alert: alertRecord(2, { severity: "page", resolvedMs: unixMs(1_793_606_999_000) }),
  });
  await channel.send(
    someBatch({ id: deliveryIdOf(9), deliveries: [over], earlier: [someBatch().id] }),
  );
  const [first, second] = mails;
  if (first === undefined || second === undefined) throw new Error("no mails");
  expect(headerOf("Subject", first)).toBe("[fra] page: the disk is full and 1 more");
  expect(first.text.indexOf("PAGE: the disk")).toBeLessThan(first.text.indexOf("WARN: web-1"));
  expect(first.text).toContain("3 messages before this one were left out");
  expect(headerOf("Subject", second)).toMatch(/page: resolved: /);
  expect(headerOf("References", second)).toBe(headerOf("Message-ID", first));
  expect(headerOf("In-Reply-To", second)).toBe(headerOf("Message-ID", first));
});

test("a server that offers no encryption gets neither the password nor the mail", async () => {
  const port = await listen({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"] });
  const outcome = await channelOf(port).send(someBatch());
  expect(outcome.kind).not.toBe("sent");
  expect(mails).toEqual([]);
});

test("a certificate that nobody known has signed is not believed", async () => {
  const port = await listen();
  const outcome = await channelOf(port, { caFile: null }).send(someBatch());
  expect(outcome).toMatchObject({
    kind: "failed",
    words: expect.stringMatching(/certificate|signed|issuer/i),
  });
  expect(mails).toEqual([]);
});

test.each([
  [
    "a wrong password",
    { onAuth: (_auth, _session, done) => done(new Error("wrong")) } satisfies SMTPServerOptions,
    { kind: "refused", isFinal: false },
  ],
  [
    "a server that is busy",
    {
      onMailFrom: (_address, _session, done) =>
        done(Object.assign(new Error("later"), { responseCode: 451 })),
    } satisfies SMTPServerOptions,
    { kind: "failed" },
  ],
  [
    "content that is refused for good",
    {
      onData(stream, _session, done) {
        stream.resume();
        stream.on("end", () => done(Object.assign(new Error("no"), { responseCode: 554 })));
      },
    } satisfies SMTPServerOptions,
    { kind: "refused", isFinal: true },
  ],
])("%s is told for what it is, without the password", async (_name, options, outcome) => {
  const port = await listen(options);
  const told = await channelOf(port).send(someBatch());
  expect(told).toMatchObject(outcome);
  expect(told.words).toContain(`localhost:${port}`);
  expect(told.words).not.toContain(password);
});

test("one that is not there, and a password that others can read, are told", async () => {
  const port = await listen();
  writeFileSync(join(folder, "open"), password, { mode: 0o644 });
  const open = channelOf(port, { passwordFile: join(folder, "open") });
  expect(await open.send(someBatch())).toMatchObject({
    words: expect.stringMatching(/can be read by others/),
  });
  await new Promise<void>((resolve) => server?.close(resolve));
  server = undefined;
  expect(await channelOf(port).send(someBatch())).toMatchObject({
    kind: "failed",
    words: expect.stringMatching(/ECONNREFUSED/),
  });
});
