import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadFleetConfig } from "./load-config.ts";

const secret = "canary-webhook-secret-0001";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-alert-config-"));
  writeFileSync(join(folder, "hook"), `${secret}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "open"), secret);
  chmodSync(join(folder, "open"), 0o644);
  writeFileSync(join(folder, "short"), "short", { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const load = (file: string) =>
  loadFleetConfig({ flags: {}, environment: {}, workingFolder: folder, readText: () => file });
const webhook = (lines: string) => `[[alerts.webhooks]]\nname = "pager"\n${lines}`;
const mail = (lines: string) => `[[alerts.mail]]\nname = "night"\n${lines}`;
const hook = 'url = "https://hooks.example.net/T0/path-secret"\n';

test("webhooks and mail receivers are read; config check shows neither path nor secret", () => {
  const loaded = load(
    [
      '[alerts]\nconsole_url = "https://fleet.example.net:7600/"\n',
      webhook(`${hook}secret_file = "hook"\nseverity = "page"\n`),
      mail(
        'to = ["ops@example.net"]\nfrom = "fleet@example.net"\nserver = "smtp.example.net"\nuser = "fleet"\npassword_file = "hook"\n',
      ),
    ].join("\n"),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
  const { config, settings } = loaded.value;
  expect(config.alerts).toMatchObject({
    consoleUrl: "https://fleet.example.net:7600",
    webhooks: [{ severity: "page", perHour: 240, secretFile: join(folder, "hook") }],
    mail: [{ port: 587, security: "starttls", severity: "warn", to: ["ops@example.net"] }],
  });
  const shown = JSON.stringify(settings);
  expect(shown).toContain("https://hooks.example.net");
  expect(shown).not.toMatch(/path-secret|canary/);
});

test.each([
  [webhook('secret_file = "hook"'), /url is an address/],
  [webhook('url = "http://hooks.example.net/x"\nsecret_file = "hook"'), /https:\/\//],
  [webhook('url = "https://u:p@hooks.example.net/x"\nsecret_file = "hook"'), /no password/],
  [webhook(hook), /secret_file/],
  [webhook(`${hook}secret_file = "hook"\ncolour = "red"`), /there is no colour/],
  [webhook(`${hook}secret_file = "hook"\nseverity = "loud"`), /info, warn, page/],
  [webhook(`${hook}secret_file = "hook"\nper_hour = 0`), /per_hour/],
  [webhook(`${hook}secret_file = "nowhere"`), /is not there/],
  [webhook(`${hook}secret_file = "open"`), /can be read by others/],
  [webhook(`${hook}secret_file = "short"`), /shorter than 24/],
  [mail('to = ["ops@example.net\\r\\nBcc: x@y.z"]\nfrom = "f@example.net"\nserver = "s"'), /to is/],
  [mail('to = ["o@e.net"]\nfrom = "f@e.net"\nserver = "s.net"\nsecurity = "none"'), /this machine/],
  [mail('to = ["o@e.net"]\nfrom = "f@e.net"\nserver = "s.net"\nuser = "u"'), /belong together/],
  [
    `${webhook(`${hook}secret_file = "hook"`)}\n[[alerts.webhooks]]\nname = "pager"\n${hook}secret_file = "hook"`,
    /two channels are called pager/,
  ],
])("%j is refused: %s", (file, words) => {
  const loaded = load(file);
  if (loaded.ok) throw new Error("it was accepted");
  const told = JSON.stringify(loaded.problem);
  expect(told).toMatch(words);
  expect(told).not.toMatch(/path-secret|canary/);
});
