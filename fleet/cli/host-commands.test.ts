import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { hostIdOf, hostState, positionOf } from "#test/support/inventory-builders.ts";
import { runCommand } from "#test/support/test-terminal.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  const first = await world.addHost(1, {
    position: positionOf("eu/fra2/row-b/rack-07/u12"),
    adopted: true,
  });
  const second = await world.addHost(2, {
    position: positionOf("ea/nrt1/row-a/rack-01/u03"),
    simulated: true,
  });
  await world.addHost(10);
  const nowMs = world.clock.nowUnixMs();
  await world.measure(first, [
    { metric: "system.cpu.utilization", values: [0.1, 0.312] },
    { metric: "system.memory.utilization", values: [0.68, 0.68] },
    { metric: "hw.host.power", values: [410, 411.6] },
  ]);
  await world.parts.inventory.recordState(first, hostState({ powerSource: "rapl" }));
  world.setLink(second, {
    state: "lost",
    sinceMs: unixMs(nowMs - 5 * 3_600_000),
    lastHeardMs: unixMs(nowMs - 5 * 3_600_000),
  });
});
afterEach(() => world.close());

const run = (...argv: string[]) => runCommand(world, argv);

describe("host list", () => {
  test("prints a table of what one asks first", async () => {
    const { exitCode, stdout, stderr } = await run("host", "list");
    expect(stdout).toMatchInlineSnapshot(`
      "NAME     LIFECYCLE  LINK           POSITION                   CLASS   CPU   MEM  WATTS  MARK
      host-1   active     connected 0 s  eu/fra2/row-b/rack-07/u12  –      31 %  68 %  412 W
      host-2   active     lost 5 h       ea/nrt1/row-a/rack-01/u03  –         –     –      –  simulated
      host-10  active     connected 0 s  none yet                   –         –     –      –
      "
    `);
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  test("-o wide adds source, serial, agent and id", async () => {
    expect((await run("host", "list", "region=eu", "-o", "wide")).stdout).toMatchInlineSnapshot(`
      "NAME    LIFECYCLE  LINK           POSITION                   CLASS   CPU   MEM  WATTS  SOURCE  READ  WRITTEN  TEMP  HEALTH  REPORTED  SERIAL  AGENT  ID                                    MARK
      host-1  active     connected 0 s  eu/fra2/row-b/rack-07/u12  –      31 %  68 %  412 W  rapl       –        –     –  ok      0 s ago   –       –      01930000-0000-7000-8000-000000000001
      "
    `);
  });

  test("-o csv has units in its heading and figures as they are", async () => {
    const { stdout } = await run("host", "list", "--sort", "-power", "-o", "csv");
    expect(stdout).toMatchInlineSnapshot(`
      "name,lifecycle,link,position,class,cpu_utilization_1,memory_utilization_1,power_watts,power_source,disk_read_bytes_per_second,disk_write_bytes_per_second,temperature_celsius,health,last_report_time,serial,agent_release,id,simulated
      host-1,active,connected,eu/fra2/row-b/rack-07/u12,,0.312,0.68,411.6,rapl,,,,ok,2026-11-02T08:00:00Z,,,01930000-0000-7000-8000-000000000001,false
      host-2,active,lost,ea/nrt1/row-a/rack-01/u03,,,,,,,,,unknown,,,,01930000-0000-7000-8000-000000000002,true
      host-10,active,connected,,,,,,,,,,unknown,,,,01930000-0000-7000-8000-00000000000a,false
      "
    `);
  });

  test("-o name prints one name a line", async () => {
    expect((await run("host", "list", "-o", "name")).stdout).toBe("host-1\nhost-2\nhost-10\n");
  });

  test("-o json and jsonl print what the API said", async () => {
    const { items } = JSON.parse((await run("host", "list", "-o", "json")).stdout);
    const lines = (await run("host", "list", "-o", "jsonl")).stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(items);
    expect(items[0]).toMatchObject({ name: "host-1", power: { watts: 411.6 } });
  });

  test("takes selector, search, sort and limit", async () => {
    const names = async (...argv: string[]) =>
      (await run("host", "list", "-o", "name", ...argv)).stdout;
    expect(await names("link=lost")).toBe("host-2\n");
    expect(await names("host-10,host-1")).toBe("host-1\nhost-10\n");
    expect(await names("-q", "fra2")).toBe("host-1\n");
    expect(await names("--sort", "-name", "--limit", "2")).toBe("host-10\nhost-2\n");
  });

  test("collects every page", async () => {
    for (let number = 100; number < 700; number += 1) await world.addHost(number);
    const { stdout } = await run("host", "list", "-o", "name");
    expect(stdout.trimEnd().split("\n")).toHaveLength(603);
  });

  test("that finds none says so where no data goes", async () => {
    expect(await run("host", "list", "site=iad1")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "no hosts\n",
    });
  });

  test.each([
    [[""], "wws-fleet: the selector is empty\n  leave it out for all hosts\n"],
    [["colour=red"], /"colour" is no key of a selector\n {2}use region, site/],
    [["--sort", "colour"], /query "sort": must be one of name, -name/],
    [["--limit", "0"], /write a whole number from 1/],
    [["-o", "yaml"], /Allowed choices are table, wide, json/],
    [["--colour"], /unknown option '--colour'/],
  ])("%j is a usage error", async (argv, message) => {
    const { exitCode, stdout, stderr } = await run("host", "list", ...argv);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});

describe("host show", () => {
  test("tells every state with since when, and every figure with its source", async () => {
    expect((await run("host", "show", "host-1")).stdout).toMatchInlineSnapshot(`
      "name                host-1
      id                  01930000-0000-7000-8000-000000000001
      lifecycle           active (adopted as it stood)
      takes new work      yes
      link                connected 0 s
      last report         0 s ago (2026-11-02T08:00:00Z)
      clock offset        12 ms
      health              ok
      last reboot         –
      position            eu/fra2/row-b/rack-07/u12
      class               –
      serial              –
      cell                test
      agent               –
      boot                –
      generation          1
      revision            1
      enrolled            2026-11-02T08:00:00Z
      cpu                 31 %
      memory              68 %
      disk read           –
      disk written        –
      fullest filesystem  –
      hottest sensor      –
      power               412 W (rapl)
      parts               0
      not as its class    –
      last change         –
      "
    `);
  });

  test("finds a host by its id as well", async () => {
    expect((await run("host", "show", hostIdOf(2), "-o", "name")).stdout).toBe("host-2\n");
  });

  test("of a host that is not there names those that look alike", async () => {
    expect(await run("host", "show", "hots-2")).toEqual({
      exitCode: 3,
      stdout: "",
      stderr: 'wws-fleet: there is no host "hots-2"\n  did you mean host-2?\n',
    });
  });
});

test("a hostile host name moves no cursor, makes no formula and breaks no line", async () => {
  const name = '=HYPERLINK("x")\u001b[2J\u001b]0;title\u0007\u202e\n';
  const id = await world.addHost(66, { name });
  for (const form of ["table", "wide", "json", "jsonl", "csv", "name"]) {
    const { stdout } = await run("host", "list", id, "-o", form);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  }
  const csv = (await run("host", "list", id, "-o", "csv")).stdout.split("\r\n")[1];
  expect(csv).toMatch(/^"'=HYPERLINK\(""x""\)/);
  expect((await run("host", "list", id, "-o", "name")).stdout.trimEnd().split("\n")).toHaveLength(
    1,
  );
});

test("colours only for a person who wants them; the words are the same", async () => {
  const terminalOut = (env: Record<string, string>) => {
    let text = "";
    const stdout = {
      isTerminal: true,
      write: (part: string) => {
        text += part;
      },
    };
    const withUrl = { WWS_URL: "http://127.0.0.1:7600", WWS_TOKEN: world.token, ...env };
    return runCommand(world, ["host", "list"], { stdout, env: withUrl }).then(() => text);
  };
  const coloured = await terminalOut({});
  const plain = await terminalOut({ NO_COLOR: "1" });
  expect(coloured).toContain("\u001b[31mlost 5 h\u001b[39m");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  expect(coloured.replace(/\u001b\[\d+m/g, "").replace(/ +$/gm, "")).toBe(plain);
});

describe("host explain", () => {
  test("tells the rules that judged, those that saw nothing, and no reboot where none was seen", async () => {
    const { exitCode, stdout } = await run("host", "explain", "host-1");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^health {2,}ok$/m);
    expect(stdout).toMatch(/^judged {2,}.*clock-off 1/m);
    expect(stdout).toMatch(/^saw no evidence +\d+ of \d+ rules; -o json names them$/m);
    expect(stdout).toMatch(/^last reboot {2,}–$/m);
  });

  test("names the part, the rule and what ends the finding", async () => {
    const attributes = { "hw.id": "Z1", "hw.name": "sda", "hw.type": "physical_disk" };
    await world.measure(hostIdOf(1), [
      { metric: "wws.disk.smart.passed", attributes, values: [0] },
    ]);
    await world.clock.advance(15_000);
    const { stdout } = await run("host", "explain", "host-1");
    expect(stdout).toMatch(/^failing {2,}disk sda: the drive says that it is failing$/m);
    expect(stdout).toMatch(/^ {2}rule {2,}disk-self-verdict, for \d+ s$/m);
    expect(stdout).toMatch(/^ {2}ends with {2,}the good word for 1 h$/m);
    expect((await run("host", "show", "host-1")).stdout).toMatch(/^health {2,}failing; disk sda/m);
  });
});
