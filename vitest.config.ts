import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/tooling/longest-first.ts";

/** Every project: nothing is retried, an unhandled rejection fails, nothing shares module state. */
const common = {
  environment: "node",
  pool: "forks",
  retry: 0,
  testTimeout: 15_000,
  hookTimeout: 30_000,
} as const;

export default defineConfig({
  test: {
    // One more than there are cores: the longest files wait for programs for most of their time.
    maxWorkers: Math.max(3, Math.min(8, availableParallelism() + 1)),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common,
          name: "default",
          include: [
            "{agent,fleet,proto}/**/*.test.{ts,tsx}",
            "test/{fuzz,replay,wire,scenarios,simulation,end-to-end,architecture,support,red-team,bench,tooling}/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", "fleet/console/dist/**", "data/**"],
        },
      },
      {
        test: {
          ...common,
          name: "real",
          include: ["test/real/**/*.test.ts"],
          // Real machines boot and real services start, each with ports, folders and namespaces of its
          // own: files run side by side, and no test may claim what another one could have.
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          ...common,
          name: "recordings",
          include: ["test/recordings/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...common,
          name: "soak",
          include: ["test/soak/**/*.test.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
