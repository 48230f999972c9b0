import { expect, test } from "vitest";
import { parseImagingAnswer } from "./parse-answer.ts";

const order = { kind: "order", token: "dG9rZW4=", signature: "c2ln", keyId: "a".repeat(64) };

test("idle and an order are what they are", () => {
  expect(parseImagingAnswer('{"kind":"idle","more":1}')).toEqual({
    ok: true,
    value: { kind: "idle" },
  });
  expect(parseImagingAnswer(JSON.stringify(order))).toEqual({ ok: true, value: order });
});

test.each([
  ["no JSON", "<html>"],
  ["a list", "[]"],
  ["nothing", "null"],
  ["another kind", '{"kind":"erase-now"}'],
  ["a token that is a number", JSON.stringify({ ...order, token: 7 })],
  ["a token without end", JSON.stringify({ ...order, token: "A".repeat(60_000) })],
  ["a signature that is no base64", JSON.stringify({ ...order, signature: "not base64!" })],
  ["a key that is a path", JSON.stringify({ ...order, keyId: "../../etc/passwd" })],
])("%s is refused", (_, text) => {
  expect(parseImagingAnswer(text).ok).toBe(false);
});
