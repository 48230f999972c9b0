import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FleetStory } from "./fleet/fleet-story.ts";
import type { Story } from "./hosts/story.ts";

/** Keeps a story that was made smaller; answers the path of its file. */
export function writeStory(story: Story | FleetStory): string {
  const path = join(mkdtempSync(join(tmpdir(), "wws-story-")), "story.json");
  writeFileSync(path, JSON.stringify(story, null, 1));
  return path;
}

/** What `writeStory` kept. */
export function readStory(path: string): Story | FleetStory {
  return JSON.parse(readFileSync(path, "utf8")) as Story | FleetStory;
}

export function isFleetStory(story: Story | FleetStory): story is FleetStory {
  return "kind" in story;
}
