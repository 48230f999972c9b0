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
  // Then it pays to make it soon: what runs once a second is optimized after a minute instead of eight.
  "--invocation-count-for-maglev=60",
  "--minimum-invocations-after-ic-update=40",
  // And what Sparkplug would make meanwhile is 1 MiB of code that is used for that minute alone.
  "--no-sparkplug",
  // Copies of small functions in each of their callers: memory, and colder caches, once a second.
  "--no-maglev-inlining",
  // Prefers less memory where V8 has the choice.
  "--optimize-for-size",
  // For settle-memory.ts.
  "--expose-gc",
] as const;

/**
 * Variables that go with them: one thread for look-ups, and for malloc one arena that gives back. What
 * compiling and discovering take is in pieces of 32 KiB and more; those stand by themselves and are
 * returned when they are freed, instead of leaving holes in a heap that never shrinks.
 */
export const nodeEnvironment = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "32768",
  MALLOC_TRIM_THRESHOLD_: "65536",
  MALLOC_TOP_PAD_: "0",
  UV_THREADPOOL_SIZE: "1",
} as const;
