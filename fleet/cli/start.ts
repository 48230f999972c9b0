import { randomUUID } from "node:crypto";
import { dirname, resolve } from "node:path";
import { once } from "node:events";
import { styleText } from "node:util";
import { startThisMachine } from "./this-machine.ts";
import { systemClock } from "./system-clock.ts";
import { untilStopped } from "./until-stopped.ts";

/** `npm start`: this very machine as a fleet of one. */
const root = dirname(dirname(import.meta.dirname));
const dataFolder = resolve(process.env["WWS_DATA"] || "data");

process.exit(
  await untilStopped(async ({ signal, onSecond }) => {
    process.stderr.write("starting manager and agent …\n");
    const machine = await startThisMachine({
      root,
      dataFolder,
      env: process.env,
      clock: systemClock,
      fetch,
      newKey: randomUUID,
      signal,
      tell: (text) => process.stderr.write(`${text}\n`),
    });
    onSecond(machine.kill);
    const link = await machine.client.createSigninLink("operator");
    process.stdout.write(welcome(machine.url, link.url));
    const stopped = once(signal, "abort");
    await Promise.race([stopped, machine.broken]).catch(async (error: unknown) => {
      await machine.stop();
      throw error;
    });
    process.stderr.write("\nstopping …\n");
    await machine.stop();
    process.stderr.write("stopped\n");
  }),
);

function welcome(url: string, signinUrl: string): string {
  const isElsewhere = process.env["WWS_DATA"] ? `WWS_DATA=${dataFolder} ` : "";
  const bold = (text: string): string => styleText("bold", text, { stream: process.stdout });
  return `
  Console        ${bold(url)}
  Sign in        ${bold(signinUrl)}
                 works once, for 15 minutes; another one: ${isElsewhere}npx wws-fleet signin-link
  Command line   ${isElsewhere}npx wws-fleet host list
  Data and logs  ${dataFolder}
  Stop           Ctrl-C

`;
}
