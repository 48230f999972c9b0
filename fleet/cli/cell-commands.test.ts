import { afterEach, beforeEach, expect, test } from "vitest";
import type { CellList, StaleCell } from "#fleet/api/cell-schemas.ts";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { runCommand } from "#test/support/test-terminal.ts";

const staleHeader = "wws-stale-cells";
let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

/** A federation of which one cell is silent for three minutes. */
function federation(path: string, answer: object, stale: unknown): typeof fetch {
  return async (input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (pathname !== path) throw new Error(`not expected: ${pathname}`);
    const headers = { "content-type": "application/json", [staleHeader]: JSON.stringify(stale) };
    return new Response(JSON.stringify(answer), { headers });
  };
}

const silent = (): StaleCell => ({
  name: "eu",
  url: "https://eu.example.net:7600",
  sinceMs: world.clock.nowUnixMs() - 180_000,
  ageMs: 200_000,
  why: "https://eu.example.net:7600 gave no answer within 3 s",
});

test("a manager lists the one cell it is", async () => {
  await world.addHost(1);
  const { stdout, exitCode } = await runCommand(world, ["cell", "list"]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    new RegExp(`^${world.parts.cell} +connected .* 1 .* as here +this one$`, "m"),
  );
});

test("of a federation it says who is silent, since when and why; what two claim, on stderr", async () => {
  const { sinceMs, url, why } = silent();
  const list: CellList = {
    items: [
      {
        name: "eu",
        url,
        state: "stale",
        sinceMs: sinceMs ?? 0,
        why,
        lastHeardMs: sinceMs,
        release: "0.1.0",
        clockOffsetMs: -3_600_000,
        hosts: 12,
        sites: ["fra2"],
      },
    ],
    isFederation: true,
    nowMs: world.clock.nowUnixMs(),
    conflicts: [
      {
        kind: "site",
        id: "fra2",
        cells: ["eu", "na"],
        words: "cells eu and na each call fra2\u001b[2J theirs",
      },
    ],
    nextCursor: null,
  };
  const told = await runCommand(world, ["cell", "list"], {
    fetch: federation("/api/v1/cells", list, []),
  });
  expect(told.stdout).toMatch(
    /^eu +stale +3 min ago +12 +fra2 +0\.1\.0 +60 min behind +https:\/\/eu\.example\.net:7600 +.*gave no answer/m,
  );
  expect(told.stderr).toBe("conflict: cells eu and na each call fra2\ufffd[2J theirs\n");
});

test("an answer without a cell is data on stdout, and a note on stderr", async () => {
  const answer = { items: [], nextCursor: null };
  const told = await runCommand(world, ["site", "list", "-o", "json"], {
    fetch: federation("/api/v1/sites", answer, [
      silent(),
      { ...silent(), name: "ea", url: "https://ea.example.net", sinceMs: null, ageMs: null },
    ]),
  });
  expect([told.exitCode, JSON.parse(told.stdout)]).toEqual([0, { items: [] }]);
  expect(told.stderr).toMatch(
    /^wws-fleet: cell eu \(https:\/\/eu\.example\.net:7600\) is not heard since \S+Z \(3 min ago\): what is kept of it and shown is 3 min old$/m,
  );
  expect(told.stderr).toMatch(/cell ea .* was never heard: nothing of it is known here/);
});

test.each(["{", '[{"name":7}]', "null"])(
  "a header that is none (%s) says nothing",
  async (text) => {
    const told = await runCommand(world, ["site", "list", "-o", "json"], {
      fetch: async () =>
        new Response('{"items":[],"nextCursor":null}', { headers: { [staleHeader]: text } }),
    });
    expect([told.exitCode, told.stderr]).toEqual([0, ""]);
  },
);
