import type { RedfishAnswer } from "#fleet/bmc/redfish/redfish-transport.ts";
import type { BmcLies } from "./bmc-state.ts";
import type { RedfishHandler } from "./redfish-service.ts";
import { plain } from "./redfish-tags.ts";

/** What a service gets wrong for one who only looks. */
export function lookingLies(lies: BmcLies): (next: RedfishHandler) => RedfishHandler {
  let pages = 0;
  const sensors = "/redfish/v1/Chassis/1/Sensors";
  return (next) => async (request) => {
    if (lies.httpSilent === true) return new Promise(() => {});
    if (lies.httpStatus !== undefined) return json(lies.httpStatus, error("not now"));
    const honest = await next(request);
    const path = plain(request.path);
    if (request.method !== "GET") return honest;
    if (lies.endlessCollection === true && path === sensors && honest.status === 200) {
      pages += 1;
      return json(200, {
        "@odata.id": request.path,
        Members: [{ "@odata.id": `${path}/S${pages}` }],
        "Members@odata.nextLink": `${path}?$skip=${pages}`,
      });
    }
    if (lies.endlessCollection === true && path.startsWith(`${sensors}/S`))
      return json(200, { "@odata.id": path, ReadingType: "Voltage", Reading: 12 });
    if (honest.status !== 200) return honest;
    if (lies.errorAsResource === true && path === "/redfish/v1/Chassis/1/Power")
      return json(200, error("an internal error, with status 200"));
    if (lies.hugeBodyBytes !== undefined && path === "/redfish/v1/Chassis/1/Thermal")
      return json(200, { filler: "x".repeat(lies.hugeBodyBytes) });
    return honest;
  };
}

function json(status: number, body: unknown): RedfishAnswer {
  const headers = { "content-type": "application/json", "odata-version": "4.0" };
  return { status, headers, text: JSON.stringify(body), isCut: false };
}

function error(message: string): unknown {
  return { error: { code: "Base.1.13.GeneralError", message } };
}
