import { randomUUID } from "node:crypto";
import { dirname, resolve } from "node:path";
import { once } from "node:events";
import { startThisMachine } from "./this-machine.ts";
import { systemClock } from "./system-clock.ts";
import { untilStopped } from "./until-stopped.ts";
import { welcomeText } from "./welcome-text.ts";

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
    process.stdout.write(welcomeText({ url: machine.url, signinUrl: link.url, dataFolder }));
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
