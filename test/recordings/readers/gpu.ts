import type { RecordingReader } from "../reader.ts";

export const readers: readonly RecordingReader[] = [];
