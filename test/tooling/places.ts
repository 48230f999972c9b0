import { dirname, join } from "node:path";

export const repositoryRoot = dirname(dirname(import.meta.dirname));
export const schemaFolder = join(repositoryRoot, "proto/schema");
export const generatedModule = join(repositoryRoot, "proto/generated/wire.js");
export const consoleFolder = "fleet/console";
export const consolePage = join(repositoryRoot, consoleFolder, "dist/index.html");
