/**
 * How Node runs an agent, wherever it is started: by the launcher in node_modules/.bin, `npm start`,
 * the .deb and the bench. Measured on a fake host of 64 cores (docs/limits.md), a second's work takes
 * well under a millisecond, so what counts is what V8 does beside it.
 */
export const nodeFlags = [
  // A young generation of 1 MiB lasts as long as a report; the usual 16 MiB would fill up first.
  "--max-semi-space-size=1",
  // Nothing here is worth waking another thread for, and each has a heap of its own.
  "--single-threaded",
  "--v8-pool-size=0",
  // Maglev's code is nearly as fast at this pace and costs a tenth to make, in time and in memory.
  "--no-turbofan",
  // Prefers less memory where V8 has the choice.
  "--optimize-for-size",
  // For settle-memory.ts.
  "--expose-gc",
] as const;

/** Variables that go with them: one arena for all threads of malloc, one thread for look-ups. */
export const nodeEnvironment = { MALLOC_ARENA_MAX: "1", UV_THREADPOOL_SIZE: "1" } as const;
