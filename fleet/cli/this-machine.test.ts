import { expect, test } from "vitest";
import { withoutManagerSecrets } from "./this-machine.ts";

test("agents get the environment without what is the manager's alone", () => {
  const env = { PATH: "/bin", WWS_LOG_LEVEL: "debug" };
  expect(
    withoutManagerSecrets({
      ...env,
      WWS_CONFIG: "/etc/wws-fleet/fleet.toml",
      WWS_TOKEN: "secret",
      WWS_DATABASE_URL: "postgres://wws:secret@localhost/wws",
    }),
  ).toEqual(env);
});
