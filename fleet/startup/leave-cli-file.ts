import type { People } from "#fleet/identity/people.ts";
import { readCliFile, writeCliFile } from "#fleet/storage/cli-file.ts";

/**
 * Leaves what the command line of this machine needs to be let in: how whoever may read the data
 * folder reaches the manager and makes the first sign-in link. The same token as last time where it
 * is still good, so that starts leave nothing behind.
 */
export async function leaveCliFile(dataFolder: string, url: string, people: People): Promise<void> {
  const former = readCliFile(dataFolder);
  const known = former === null ? undefined : await people.fromApiToken(former.token);
  const token =
    former !== null && known !== undefined
      ? former.token
      : (await people.createApiToken("cli.json", cliTokenValidMs)).secret;
  writeCliFile(dataFolder, { url, token });
}

const cliTokenValidMs = 365 * 86_400_000;
