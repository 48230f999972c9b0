/**
 * Two readings further apart than this give no rate: the mean of a long pause would be shown as
 * one point (the host slept, the agent was stopped).
 */
export const rateGapMsMax = 15_000;
