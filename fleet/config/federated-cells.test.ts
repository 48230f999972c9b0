import { describe, expect, test } from "vitest";
import { loadFleetConfig } from "./load-config.ts";

function load(
  file: string,
  environment: Readonly<Record<string, string>> = {},
  flags: Readonly<Record<string, string>> = {},
) {
  return loadFleetConfig({ flags, environment, workingFolder: "/srv", readText: () => file });
}
function problemsOf(...parts: Parameters<typeof load>): string {
  const loaded = load(...parts);
  if (loaded.ok) throw new Error("it was accepted");
  return loaded.problem.map(({ detail, hint }) => `${detail}: ${hint}`).join("\n");
}

const twoCells = `
[federation]
tokens_file = "tokens"
[[federation.cells]]
url = "https://eu.example.net:7600/"
name = "eu"
token_file = "eu.token"
[[federation.cells]]
url = "http://127.0.0.1:7700"
ca_file = "/etc/ca.pem"
`;

test("without cells it is a manager of its own cell", () => {
  const loaded = load("");
  expect(loaded.ok && loaded.value.config.federation).toBeNull();
});

test("the file names each cell with its token and its CA; relative paths are of the working folder", () => {
  const loaded = load(twoCells);
  expect(loaded.ok && loaded.value.config.federation).toEqual({
    cells: [
      { url: "https://eu.example.net:7600", name: "eu", tokenFile: "/srv/eu.token", caFile: null },
      { url: "http://127.0.0.1:7700", name: null, tokenFile: null, caFile: "/etc/ca.pem" },
    ],
    tokensFile: "/srv/tokens",
    caFile: null,
  });
});

test("the flag over the environment over the file, each as a list of addresses", () => {
  const urls = (...parts: Parameters<typeof load>) => {
    const loaded = load(...parts);
    return loaded.ok ? loaded.value.config.federation?.cells.map(({ url }) => url) : loaded.problem;
  };
  const environment = { WWS_FEDERATE: "https://a.example:1, https://b.example:2" };
  expect(urls(twoCells, environment)).toEqual(["https://a.example:1", "https://b.example:2"]);
  expect(urls(twoCells, environment, { "--federate": "https://c.example" })).toEqual([
    "https://c.example",
  ]);
});

describe("what is no cell is refused with what it must be", () => {
  test.each([
    ["ftp://a.example", "addresses of managers' consoles"],
    ["https://a.example/path", "without a path: https://a.example"],
    ["https://a.example?token=abcdef", "those go into a file of mode 0600"],
    ["https://a.example,https://a.example/", "stands there twice"],
    ["https://a.example,,", "addresses of managers' consoles"],
    ["http://10.0.0.1:7600", "would go there unencrypted"],
    ["http://127.0.0.1:7600", "is this very process"],
    [Array.from({ length: 17 }, (_, n) => `https://c${n}.example`).join(), "1 to 16 cells"],
  ])("%s", (addresses, words) => {
    expect(problemsOf("", { WWS_FEDERATE: addresses })).toContain(words);
  });

  test("a secret in an address is not told again", () => {
    const said = problemsOf("", { WWS_FEDERATE: "https://ada:hunter2@a.example?token=t0p" });
    expect(said).toContain("those go into a file");
    expect(said).not.toMatch(/hunter2|t0p/);
  });

  test.each([
    ['[[federation.cells]]\nurl = "https://a.example"\ntoken = "x"', "there is no token"],
    ['[[federation.cells]]\nurl = "https://a.example"\nname = "No Cell"', "name is a cell's"],
    ['[[federation.cells]]\nname = "eu"', "addresses of managers' consoles"],
    ["[[federation.cells]]\nurl = 7", "addresses of managers' consoles"],
    ['federation.cells = "https://a.example"\ndatabase_url = "postgres://db/x"', "own data folder"],
    ['federation.cells = "https://a.example"\nwith_this_machine = true', "no hosts of its own"],
  ])("%s", (file, words) => {
    expect(problemsOf(file)).toContain(words);
  });
});
