import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { dirname, join, resolve } from "node:path";
import type { ApiClient } from "#fleet/api/client.ts";
import { type ChildProgram, startChild } from "./child-program.ts";
import { type DemoEstate, demoEstateFile, readDemoEstate } from "./demo-estate.ts";
import { type DemoOptions, demoUsage, parseDemoOptions } from "./demo-options.ts";
import { type PlannedHost, planDemo } from "./demo-plan.ts";
import { systemClock } from "./system-clock.ts";
import { keepChild, startThisMachine, stopGraceMs, withoutManagerSecrets } from "./this-machine.ts";
import { untilStopped } from "./until-stopped.ts";
import { welcomeText } from "./welcome-text.ts";

/** `npm run demo`: this machine, and three simulated regions beside it. */
const root = dirname(dirname(import.meta.dirname));
const dataFolder = resolve(process.env["WWS_DATA"] || "data/demo");
const options = parseDemoOptions(process.argv.slice(2));
const tokenValidMs = 600_000;

if (!options.ok) {
  process.stderr.write(`${options.problem}\n\n${demoUsage}\n`);
  process.exit(2);
}
process.exit(await runDemo(options.value));

function runDemo({ hosts, speed }: DemoOptions): Promise<number> {
  return untilStopped(async ({ signal, onSecond }) => {
    const tell = (text: string): void => void process.stderr.write(`${text}\n`);
    tell("starting manager and agent …");
    const machine = await startThisMachine({
      root,
      dataFolder,
      env: { WWS_SIMULATED_REPORT_INTERVAL_MS: "5000", ...process.env },
      clock: systemClock,
      fetch,
      newKey: randomUUID,
      signal,
      tell,
    });
    const estate = readDemoEstate(join(root, "hardware-fixtures/sites/demo.json"));
    await importDemoEstate(machine.client, estate);
    const plan = new Map(planDemo(estate, hosts).map((host) => [host.name, host]));
    const simulated = keepChild({ clock: systemClock, tell }, () => {
      const child = startChild(
        {
          name: "simulated hosts",
          script: join(root, "agent/replay/main.ts"),
          args: [],
          env: {
            ...withoutManagerSecrets(process.env),
            WWS_MANAGER: `127.0.0.1:${machine.agentsPort}`,
            WWS_REPLAY_DATA: join(dataFolder, "hosts"),
            WWS_REPLAY_FIXTURES: join(root, "hardware-fixtures/hosts"),
            WWS_REPLAY_SPEED: String(speed),
          },
          logFile: join(dataFolder, "log/simulated-hosts.log"),
        },
        systemClock,
      );
      answerChild(child, plan, machine.client, tell);
      return child;
    });
    onSecond(() => {
      simulated.kill();
      machine.kill();
    });
    const link = await machine.client.createSigninLink("operator");
    process.stdout.write(welcomeText({ url: machine.url, signinUrl: link.url, dataFolder }));
    const given = simulated.gaveUp.then((end) => {
      const words = simulated.current().tail().join("\n  ");
      throw new Error(`the simulated hosts ended (${end.code ?? end.signal})\n  ${words}`);
    });
    const stop = async (): Promise<void> => {
      await simulated.stop(stopGraceMs);
      await machine.stop();
    };
    await Promise.race([once(signal, "abort"), machine.broken, given]).catch(async (error) => {
      await stop();
      throw error;
    });
    tell("\nstopping …");
    await stop();
    tell("stopped");
  });
}

/** Time zones, windows and feeds, before the hosts; what somebody changed since a first start stays. */
async function importDemoEstate(client: ApiClient, estate: DemoEstate): Promise<void> {
  const known = (await client.sites()).items.map(({ code }) => code);
  if (estate.sites.some(({ site }) => known.includes(site))) return;
  const query = { file: "demo.json", dryRun: "false" };
  const { problems } = await client.importEstate(demoEstateFile(estate), query);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.file}: ${problem.words}`);
}

/** What the process of the simulated hosts asks and tells; see agent/replay/main.ts. */
function answerChild(
  child: ChildProgram,
  plan: ReadonlyMap<string, PlannedHost>,
  client: ApiClient,
  tell: (text: string) => void,
): void {
  let wasComplete = false;
  child.onMessage((message) => {
    if (typeof message !== "object" || message === null) return;
    const { kind, names, hosts, live } = message as Readonly<Record<string, unknown>>;
    if (kind === "hosts")
      child.send({
        kind: "hosts",
        answer: [...plan.values()].map(({ name, fixture }) => ({ name, fixture })),
      });
    if (kind === "tokens" && Array.isArray(names))
      makeTokens(names, plan, client).then(
        (answer) => child.send({ kind: "tokens", answer }),
        (error: unknown) => tell(`join tokens for simulated hosts: ${String(error)}`),
      );
    if (kind === "progress" && !wasComplete) {
      wasComplete = hosts === live;
      tell(`${String(live)} of ${String(hosts)} simulated hosts report`);
    }
  });
}

async function makeTokens(
  names: readonly unknown[],
  plan: ReadonlyMap<string, PlannedHost>,
  client: ApiClient,
): Promise<readonly (readonly [string, string])[]> {
  const answers: (readonly [string, string])[] = [];
  for (const name of names) {
    const host = plan.get(String(name));
    if (host === undefined) throw new Error(`${String(name)} is not in the plan`);
    const { token } = await client.createToken(
      { kind: "host", hostName: host.name, position: host.position, validMs: tokenValidMs },
      randomUUID(),
    );
    answers.push([host.name, token]);
  }
  return answers;
}
