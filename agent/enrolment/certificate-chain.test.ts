import { expect, test } from "vitest";
import { createTestAuthority, newKeyPem } from "#test/support/test-authority.ts";
import { checkChain } from "./certificate-chain.ts";

const authority = createTestAuthority();
const host = authority.issueHost("spiffe://na/host/1");

test("a chain for this host's key is taken, with the authority it ends in", () => {
  const checked = checkChain(host.chainDer, host.privateKeyPem);
  expect(checked).toMatchObject({
    ok: true,
    value: { caPem: authority.caPem, caKeySha256: authority.caKeySha256 },
  });
  expect(checked.ok && checked.value.certificateChainPem).toBe(host.chainPem);
});

test("a leaf alone is a chain too, without an authority", () => {
  const checked = checkChain(host.chainDer.slice(0, 1), host.privateKeyPem);
  expect(checked.ok && checked.value.caPem).toBeNull();
});

test("a chain for another key is refused", () => {
  expect(checkChain(host.chainDer, newKeyPem())).toEqual({
    ok: false,
    problem: "the certificate is for another key than this host's",
  });
});

test("a leaf beside an authority that did not issue it is refused", () => {
  const [leaf = new Uint8Array(0)] = host.chainDer;
  const other = createTestAuthority();
  expect(checkChain([leaf, other.caDer], host.privateKeyPem)).toEqual({
    ok: false,
    problem: "a certificate in the chain was not issued by the next one",
  });
});

test.each([[[]], [[new Uint8Array(0)]], [[Uint8Array.of(0x30, 0x03, 1, 2, 3)]]])(
  "what is no chain is refused, not thrown: %j",
  (chain) => {
    expect(checkChain(chain, host.privateKeyPem).ok).toBe(false);
  },
);
