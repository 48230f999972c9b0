/** The release of this agent; package.json says the same, and a test sees to it. */
export const agentRelease = "0.1.0";
