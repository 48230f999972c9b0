/** Only time ends it, or nobody has said who: then nobody is named as the one who can. */
export function whoCanEnd(who: string): string | null {
  return who === "" || who === "time" || who === "nobody" ? null : who;
}

/** A command that a manager gives, as it is run where only the checkout is. */
export function runnable(command: string): string {
  return command.startsWith("wws-fleet ") ? `npx ${command}` : command;
}
