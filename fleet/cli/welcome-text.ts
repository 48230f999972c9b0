import { styleText } from "node:util";

/** What a person reads once everything runs. */
export function welcomeText(facts: {
  readonly url: string;
  readonly signinUrl: string;
  readonly dataFolder: string;
}): string {
  const { url, signinUrl, dataFolder } = facts;
  const isUsual = dataFolder === `${process.cwd()}/data`;
  const prefix = isUsual ? "" : `WWS_DATA=${dataFolder} `;
  const bold = (text: string): string => styleText("bold", text, { stream: process.stdout });
  return `
  Console        ${bold(url)}
  Sign in        ${bold(signinUrl)}
                 works once, for 15 minutes; another one: ${prefix}npx wws-fleet signin-link
  Command line   ${prefix}npx wws-fleet host list
  Data and logs  ${dataFolder}
  Stop           Ctrl-C

`;
}
