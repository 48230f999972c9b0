import { certain, fine } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** The newest self-test found a fault. */
export const diskSelfTest = valueRule({
  name: "disk-self-test",
  looksAt: "the newest self-test",
  partKind: "disk",
  ...timings.said,
  clearsWhen: "a newer self-test that ends well",
  metric: "wws.disk.self_test.passed",

  grade: (passed) => (passed === 0 ? certain("failing") : fine),
  words: () => "the newest self-test found a fault",
});
