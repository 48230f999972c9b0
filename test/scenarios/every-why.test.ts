import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { WhyCode } from "#fleet/lifecycle/why.ts";

/** What a reason of each kind says in a story; null: no story can show it, and why. */
const told: { readonly [Code in WhyCode]: RegExp | { readonly untold: string } } = {
  phase: /web-1 is not quarantined/,
  operation: /web-1 has an operation already: drain by/,
  hold: /holds web-1 \(\S+\): a \S+ test/,
  lease: /lease \S+ on web-1 runs on, and is stopped in time for the deadline/,
  notice: /the notice to acme runs \(until/,
  capacity: /has 2 of 3 hosts serving and must keep 2/,
  budget: /has \d+ of \d+ hosts out by us/,
  starts: /1 operation began within the last minute, at most 1 may/,
  window: /site fra2 is outside its maintenance windows \(until/,
  approval: /it is an emergency: two people must agree/,
  "watched-only": /web-1 was adopted and is only watched/,
  link: /nobody hears from it/,
  "domain-event": /were lost together: nothing is begun there until a person has looked/,
  freeze: /the cell is frozen by ben since/,
  grace: { untold: "a restart while its manager is new: plans/host-checks.test.ts" },
  "safe-mode": /its store was restored|safe mode|from before/i,
  deadline: /the deadline is over and web-1 is not empty/,
  stalled: /no progress since \d\d:\d\d UTC: hook\/guests:guest-7/,
  agent: /moving or stopping: systemd:shop\.service/,
  proof: /tenants' disks are mounted: \/srv\/tenants\/acme/,
  bmc: /no BMC is configured for web-1/,
  stale: /fell silent since it was planned/,
  moved: /1 of 3 hosts moved since it was planned/,
  data: /nobody knows what is on its disks: only a host whose every disk is clean is given away/,
  plan: /the canary is watched before wave 1 begins/,
  term: { untold: "a manager that leads no more refuses at its API alone" },
};

test("a reason of every kind is told in some story, or it is said why not", () => {
  const folder = new URL("./golden/", import.meta.url);
  const text = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  const missing = Object.entries(told)
    .filter(([, words]) => words instanceof RegExp && !words.test(text))
    .map(([code]) => code);
  expect(missing).toEqual([]);
});
