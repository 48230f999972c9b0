import { expect, test } from "vitest";
import type { BootWish } from "#fleet/boot-loop/boot-wish.ts";
import { createRedfishRig } from "#test/support/simulated-bmc/redfish-rig.ts";
import type { RedfishHandler } from "#test/support/simulated-bmc/redfish-service.ts";
import { safePage, safePath } from "./links.ts";

const pxe: BootWish = {
  device: "network",
  mode: "uefi",
  isOnce: true,
  uefiTarget: null,
  httpUri: null,
};

/** Takes a PATCH only with a guard of this form; everything else is 412. */
function wants(
  form: (guard: string | undefined) => boolean,
): (next: RedfishHandler) => RedfishHandler {
  return (next) => (request) => {
    if (request.method !== "PATCH") return next(request);
    const { "if-match": guard, ...headers } = request.headers;
    return form(guard)
      ? next({ ...request, headers })
      : Promise.resolve({ status: 412, headers: {}, text: "{}", isCut: false });
  };
}

test.each<[string, (guard: string | undefined) => boolean]>([
  ["as-given", (guard) => guard?.startsWith('W/"') === true],
  ["strong", (guard) => /^"\w+"$/.test(guard ?? "")],
  ["unquoted", (guard) => /^\w+$/.test(guard ?? "")],
  ["any", (guard) => guard === "*"],
  ["none", (guard) => guard === undefined],
])("a service that wants its tag %s gets it, and it is remembered", async (form, takes) => {
  const rig = createRedfishRig({ shape: { etags: "weak" }, around: wants(takes) });
  expect(await rig.driver.setBoot(pxe, "system-full", rig.signal)).toMatchObject({ ok: true });
  expect(rig.memory.guard).toBe(form);
  const patches = (): number => rig.transport.sent.filter((one) => one.startsWith("PATCH")).length;
  const before = patches();
  expect(await rig.driver.setBoot(pxe, "system-full", rig.signal)).toMatchObject({ ok: true });
  expect(patches() - before).toBe(1);
});

test("a write that lost its guard and is not to be read is no success", async () => {
  const rig = createRedfishRig({
    around: (next) => (request) => {
      const guard = request.headers["if-match"];
      if (request.method !== "PATCH") return next(request);
      const status = guard === undefined || guard === "*" ? 204 : 412;
      return Promise.resolve({ status, headers: {}, text: "", isCut: false });
    },
  });
  expect(await rig.driver.setBoot(pxe, "system-full", rig.signal)).toMatchObject({
    problem: { kind: "refused" },
  });
});

test("no form that fits is refused with the service's own code", async () => {
  const rig = createRedfishRig({ around: wants(() => false) });
  expect(await rig.driver.setBoot(pxe, "system-full", rig.signal)).toMatchObject({
    problem: { kind: "refused", code: 412 },
  });
});

test("a link leads below /redfish/v1 of the same service, or nowhere", () => {
  expect(safePath("https://192.0.2.7/redfish/v1/TaskService/Tasks/1#x")).toBe(
    "/redfish/v1/TaskService/Tasks/1",
  );
  const nowhere = [
    "//example.com/redfish/v1/Systems",
    "/redfish/v1/../../etc/passwd",
    "/redfish/v1/Systems/1\r\nX-Other: 1",
    "/other",
    "/redfish/v1/Systems?x=1",
    `/redfish/v1/${"x".repeat(600)}`,
  ];
  expect(nowhere.map(safePath)).toEqual(nowhere.map(() => null));
  expect(safePage("/redfish/v1/Logs", "/redfish/v1/Logs?$skip=50")).toBe(
    "/redfish/v1/Logs?$skip=50",
  );
  expect(safePage("/redfish/v1/Logs", "/redfish/v1/Other?$skip=50")).toBeNull();
});
