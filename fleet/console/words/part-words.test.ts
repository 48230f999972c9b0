import { expect, test } from "vitest";
import { nameComponent } from "./part-words.ts";

test.each([
  [{ kind: "disk", name: "sda", slot: "3", serial: "S1" }, "Disk sda, slot 3, serial S1"],
  [{ kind: "disk", name: "S1", slot: null, serial: "S1" }, "Disk S1"],
  [{ kind: "fan", name: "FAN 3", slot: null, serial: null }, "FAN 3"],
  [{ kind: "filesystem", name: "/var", slot: null, serial: null }, "File system /var"],
  [{ kind: "host", name: "host", slot: null, serial: null }, "Host"],
  [{ kind: "toString", name: "x", slot: null, serial: null }, "Part x"],
])("%j is called %s", (part, words) => {
  expect(nameComponent({ id: "id", ...part })).toBe(words);
});
