import fc from "fast-check";

/**
 * Property tests of `npm test` are the same run every time: a failure is found by whoever changes
 * the code, never by whoever comes next. WWS_PROPERTY_SEED=N tries another run.
 */
fc.configureGlobal({ seed: Number(process.env["WWS_PROPERTY_SEED"] ?? 1) });

export { fc };
