import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { unknownComponent, unknownIdentity } from "#proto/messages/state.ts";
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

describe("approve --rule", () => {
  const folder = mkdtempSync(join(tmpdir(), "wws-enroll-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeEach(async () => {
    const path = join(folder, "plan.csv");
    writeFileSync(path, "name,serial,bmc_mac\nweb-1,SN0001,00:25:90:00:00:01\n");
    await runCommand(world, ["inventory", "import", path, "--yes"]);
  });

  const waitAs = (digit: string, serial: string, tokenId: string | null = null) =>
    world.store.identity.upsertPending({
      id: uuid<PendingId>(`0199000${digit}-0000-7000-8000-0000000000aa`),
      fingerprint: digit.repeat(64) as KeyFingerprint,
      address: "192.0.2.7",
      identity: {
        ...unknownIdentity,
        serial,
        components: [{ ...unknownComponent, kind: "bmc", address: "00:25:90:00:00:01" }],
      },
      simulated: false,
      firstSeenMs: world.clock.nowUnixMs(),
      lastSeenMs: world.clock.nowUnixMs(),
      tokenId,
    });

  test("lets in what is as planned, and tells of the others why not", async () => {
    await run("token", "--site", "fra2", "--uses", "20", "--adopt");
    const [token] = await world.parts.identity.listTokens();
    expect(token).toMatchObject({ kind: "pending", site: "fra2", adopts: true, usesLeft: 20 });
    await waitAs("1", "SN0001");
    await waitAs("2", "SN0002");
    const dry = await run("approve", "--rule", "serial,bmc-mac", "--dry-run");
    expect(dry.stdout).toMatch(/\n1 would be approved, 1 wait\n$/);
    const done = await run("approve", "--rule", "serial,bmc-mac", "--adopt");
    expect(done).toMatchInlineSnapshot(`
      {
        "exitCode": 7,
        "stderr": "",
        "stdout": "+ web-1  taken in as it stands, only watched  (01990001-0000-7000-8000-0000000000aa)
      ! 01990002-0000-7000-8000-0000000000aa  no planned host has the serial SN0002; import its row
      1 approved, 1 wait
      ",
      }
    `);
    expect(await world.parts.inventory.resolve("web-1")).toMatchObject({ adopted: true });
  });

  test("as they come sets the rule on the only token that leads to pending", async () => {
    expect(await run("approve", "--rule", "serial", "--as-they-come")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("0 tokens lead to pending"),
    });
    await run("token", "--uses", "20");
    const set = await run("approve", "--rule", "serial", "--as-they-come");
    expect(set.stderr).toMatch(/are approved as they come\n$/);
    expect(await world.parts.identity.listTokens()).toMatchObject([{ rule: ["serial"] }]);
  });

  test("without a name one machine is the planned host that has its serial", async () => {
    await waitAs("1", "SN0001");
    const { exitCode, stderr } = await run("approve", "01990001");
    expect([exitCode, stderr]).toEqual([
      0,
      "web-1 is approved; its agent comes in within a minute\n",
    ]);
    expect(await world.parts.inventory.resolve("web-1")).toMatchObject({ phase: "new" });
    await waitAs("2", "SN0002");
    expect((await run("approve", "01990002")).exitCode).toBe(5);
  });

  test.each([
    [["--rule", "bmc-mac"]],
    [["--rule", "serial,uuid"]],
    [["01990001", "--rule", "serial"]],
    [[]],
  ])("%j is a usage error", async (argv) => {
    expect((await run("approve", ...argv)).exitCode).toBe(2);
  });
});
