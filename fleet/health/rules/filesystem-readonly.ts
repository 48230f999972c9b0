import { certain, fine } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** A file system that was mounted for writing and is read-only: mostly after I/O errors. */
export const filesystemReadonly = valueRule({
  name: "filesystem-readonly",
  looksAt: "file systems that went read-only",
  partKind: "filesystem",
  ...timings.readOnly,
  clearsWhen: "writable for 5 min",
  metric: "system.filesystem.readonly",

  grade: (is) => (is >= 1 ? certain("failing") : fine),
  words: () => "went read-only",
});
