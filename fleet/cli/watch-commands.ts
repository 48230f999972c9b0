import { Command } from "commander";
import { forEachHost } from "./each-host.ts";
import { reasonOption } from "./reason-option.ts";
import type { Session } from "./session.ts";
import { safeText } from "./words.ts";

/** `host manage` and `host watch-only`: whether anything may be done to a host at all. */
export function watchCommands(session: Session): readonly Command[] {
  return [
    takesReason(
      "manage",
      "end that hosts are only watched: from now on things may be done to them",
    ).action((selector: string, options: { readonly reason: string }) =>
      set(session, selector, async (client, host) => {
        await client.manageHost(host.id, options.reason);
        return "is managed from now on";
      }),
    ),
    takesReason(
      "watch-only",
      "only watch hosts from now on: nothing is done to them any more",
    ).action((selector: string, options: { readonly reason: string }) =>
      set(session, selector, async (client, host) => {
        await client.watchHost(host.id, options.reason);
        return "is only watched from now on";
      }),
    ),
  ];
}

function takesReason(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<selector>", "names or ids, or region=eu,site=fra2,rack=…")
    .addOption(reasonOption());
}

async function set(
  session: Session,
  selector: string,
  act: (...args: Parameters<Parameters<typeof forEachHost<string>>[2]>) => Promise<string>,
): Promise<void> {
  await forEachHost(session, selector, async (client, host) => {
    const words = await act(client, host);
    session.terminal.stderr.write(`${safeText(host.name)} ${words}\n`);
    return words;
  });
}
