import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { generateLargeHost, generateSmallHost } from "./generated-series.ts";

/** SHA-256 of the first 300 steps of four hosts, from the generator that the peers were measured with. */
const original = {
  large: "546f16ef59be6ddd91290b9a5c0942e97c2700693fe892d17b72d2b69e17f6f7",
  small: "0f44894e6c82e9f7144576129c6612b3329f81a910c6bced3f0b2c4d6ae171de",
} as const;

const hosts = [0, 1, 7, 4_321];
const steps = 300;

test("a large host gives the numbers of the original generator", () => {
  const hash = createHash("sha256");
  for (const id of hosts) {
    const host = generateLargeHost(id);
    for (let step = 0; step < steps; step += 1) {
      const { cores, diskIncrements, sensors, sensorTenths } = host.next().value;
      hash.update(JSON.stringify([cores, diskIncrements, sensors, sensorTenths]));
    }
  }
  expect(hash.digest("hex")).toBe(original.large);
});

test("a small host gives the numbers of the original generator", () => {
  const hash = createHash("sha256");
  for (const id of hosts) {
    const host = generateSmallHost(id);
    for (let step = 0; step < steps; step += 1) {
      hash.update(JSON.stringify([...host.next().value]));
    }
  }
  expect(hash.digest("hex")).toBe(original.small);
});
