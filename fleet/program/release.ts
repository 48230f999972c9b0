/** The release of this manager; package.json says the same, and a test sees to it. */
export const fleetRelease = "0.1.0";
