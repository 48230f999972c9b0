import { fail } from "#proto/vocabulary/result.ts";
import type { ImagingWork, OrderCheck } from "./imaging-ports.ts";

/** For an imaging OS that was built without a key: there is no order that it could believe. */
export const refuseEveryOrder: OrderCheck = async () =>
  fail("this imaging OS was built without a key, so no order can be believed");

/** Goes with it: what is never allowed is never done. */
export const noWork: ImagingWork = {
  run: async () => ({ kind: "failed", step: "begin", text: "nothing can be done here" }),
};
