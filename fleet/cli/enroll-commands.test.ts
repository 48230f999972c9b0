import { afterEach, beforeEach, expect, test } from "vitest";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import { type ApiWorld, createApiWorld, uuid } from "#test/support/api-world.ts";
import type { Terminal } from "./terminal.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  await world.addHost(1);
});
afterEach(() => world.close());

const run = (...argv: string[]) => runCommand(world, ["enroll", ...argv]);
const asPerson = (ask: NonNullable<Terminal["ask"]>, ...argv: string[]) =>
  runCommand(world, ["enroll", ...argv], { ask });

async function wait(digit: string): Promise<string> {
  const id = uuid<PendingId>(`0199000${digit}-0000-7000-8000-0000000000aa`);
  await world.store.identity.upsertPending({
    id,
    fingerprint: digit.repeat(64) as KeyFingerprint,
    address: "192.0.2.7",
    identity: { ...unknownIdentity, hostname: "db", manufacturer: "Dell", product: "R650" },
    simulated: false,
    firstSeenMs: world.clock.nowUnixMs(),
    lastSeenMs: world.clock.nowUnixMs(),
    tokenId: null,
  });
  return id;
}

test("token prints the token alone, and what to do with it where no data goes", async () => {
  const { exitCode, stdout, stderr } = await run("token", "--host", "db-1", "--valid", "30m");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^wws1\.[\w-]+\.[\w-]+\n$/);
  expect(stderr).toBe(
    "shown once; valid for 30 min. On the machine:\n  wws-agent enroll --manager wss://MANAGER:7601 --token TOKEN\n",
  );
  expect(await world.parts.identity.listTokens()).toMatchObject([
    { kind: "host", hostName: "db-1", usesLeft: 1, createdBy: "tester" },
  ]);
});

test("token without a host is for machines that wait; adopt is for one as it stands", async () => {
  await run("token", "--uses", "20");
  await run("adopt", "--position", "eu/fra2/row-b/rack-07/u12");
  const tokens = await world.parts.identity.listTokens();
  expect(tokens.map(({ kind, usesLeft }) => [kind, usesLeft])).toEqual(
    expect.arrayContaining([
      ["pending", 20],
      ["adopt", 1],
    ]),
  );
});

test("pending shows what one compares, approve takes the first characters of the id", async () => {
  const id = await wait("1");
  expect((await run("pending")).stdout).toMatchInlineSnapshot(`
    "ID                                    HOSTNAME  MACHINE    SERIAL  ADDRESS    WAITS SINCE  FINGERPRINT                                                       MARK
    01990001-0000-7000-8000-0000000000aa  db        Dell R650  –       192.0.2.7  0 s ago      1111111111111111111111111111111111111111111111111111111111111111
    "
  `);
  const approved = await run("approve", id.slice(0, 8), "--name", "db-1");
  expect(approved).toEqual({
    exitCode: 0,
    stdout: `${id}\n`,
    stderr: "db-1 is approved; its agent comes in within a minute\n",
  });
});

test("approve refuses what is not clear, unknown or taken", async () => {
  await wait("1");
  await wait("2");
  const ambiguous = await run("approve", "0199", "--name", "db-1");
  expect([ambiguous.exitCode, ambiguous.stderr]).toEqual([
    2,
    'wws-fleet: "0199" fits 2 machines; write more of it\n',
  ]);
  expect((await run("approve", "ff", "--name", "db-1")).exitCode).toBe(3);
  const taken = await run("approve", "01990001", "--name", "host-1");
  expect([taken.exitCode, taken.stderr]).toEqual([
    5,
    'wws-fleet: another host is called "host-1"\n  choose another name\n',
  ]);
});

test("remove wants a reason, and from a person the host's name", async () => {
  expect((await run("remove", "host-1")).exitCode).toBe(2);
  const questions: string[] = [];
  const wrong = await asPerson(
    async (question) => {
      questions.push(question);
      return "yes";
    },
    "remove",
    "host-1",
    "--reason",
    "twice",
  );
  expect([wrong.exitCode, wrong.stderr]).toEqual([
    1,
    'wws-fleet: "yes" is not its name; nothing was done\n',
  ]);
  expect(questions[0]).toContain("the machine is not touched");
  const right = await asPerson(async () => "host-1\n", "remove", "host-1", "--reason", "twice");
  expect([right.exitCode, right.stdout, right.stderr]).toEqual([0, "", "host-1 is forgotten\n"]);
  expect(await world.parts.inventory.hosts()).toEqual([]);
});

test("remove turns a machine away that waits", async () => {
  const id = await wait("1");
  const { exitCode, stderr } = await run("remove", id, "--reason", "not ours");
  expect([exitCode, stderr]).toEqual([0, `${id} is turned away\n`]);
  expect(await world.parts.identity.listPending()).toEqual([]);
});

test.each([
  [["token", "--valid", "soon"], /write 30m, 2h, 1d/],
  [["token", "--host", "-x"], /no host name/],
  [["token", "--host", "a", "--position", "here"], /write five parts/],
  [["token", "--uses", "none"], /whole number/],
])("%j is a usage error", async (argv, message) => {
  const { exitCode, stderr } = await run(...argv);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});
