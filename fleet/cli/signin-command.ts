import { Command } from "commander";
import { printOne } from "./output.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { span } from "./words.ts";

export function signinLinkCommand(session: Session): Command {
  return new Command("signin-link")
    .description("make a link that signs a person in to the console, once, within 15 minutes")
    .option("--name <name>", "whom it signs in")
    .addOption(outputOption(["table", "json", "name"]))
    .action(async (options: FormOptions & { readonly name?: string }) => {
      const { terminal } = session;
      const link = await (await session.client()).createSigninLink(options.name);
      if (options.output === "table") {
        terminal.stdout.write(`${link.url}\n`);
        const left = span(link.expiresMs - terminal.clock.nowUnixMs());
        terminal.stderr.write(`works once, for ${left}\n`);
      } else {
        printOne(terminal, options.output, { value: link, name: link.url, lines: [] });
      }
    });
}
