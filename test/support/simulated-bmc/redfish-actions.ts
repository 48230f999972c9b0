import { createHash } from "node:crypto";
import type { DriverPowerOrder } from "#fleet/boot-loop/bmc-driver.ts";
import { patchBoot } from "./redfish-boot.ts";
import { note, placesOf, type RedfishInside, type RedfishWorld, root } from "./redfish-inside.ts";
import { changeMedia } from "./redfish-media.ts";
import { type Asked, type Body, empty, type Reply, refuse, replied } from "./redfish-reply.ts";
import { tagOf } from "./redfish-tags.ts";
import { redfishTree, taskBody } from "./redfish-tree.ts";

/** Every request that changes something. */
export function act(world: RedfishWorld, inside: RedfishInside, asked: Asked): Reply {
  const { path, request } = asked;
  const { method } = request;
  const { system, settings, chassis, manager, media, log, jobService } = placesOf(world.shape);
  if (path.startsWith(`${root}/SessionService/Sessions`)) return session(world, inside, asked);
  if (method === "PATCH" && (path === system || path === settings)) {
    const guarded = guard(world, inside, asked);
    return guarded ?? patchSystem(world, inside, asked);
  }
  if (path.startsWith(`${media}/`)) return changeMedia(world, inside, asked);
  if (method === "POST" && path === `${system}/Actions/ComputerSystem.Reset`)
    return reset(world, inside, asked.body, world.shape.resetTypes);
  if (method === "POST" && path === `${chassis}/Actions/Chassis.Reset`)
    return reset(world, inside, asked.body, world.shape.chassisResetTypes ?? []);
  if (method === "POST" && path === `${manager}/Actions/Manager.Reset`)
    return restart(world, inside, asked.body);
  if (method === "POST" && path === `${log}/Actions/LogService.ClearLog`) {
    inside.log.splice(0);
    note(world, inside, "The log was cleared.");
    return empty(204);
  }
  if (method === "POST" && path === `${jobService}/Actions/DellJobService.DeleteJobQueue`)
    return clearJobs(inside, asked.body);
  const isThere = redfishTree(world, inside)[path] !== undefined;
  return isThere
    ? refuse(405, "Base.1.13.OperationNotAllowed", `${method} ${path}`)
    : refuse(404, "Base.1.13.ResourceMissingAtURI", `${path} was not found`);
}

/** 428 without a guard where one is needed, 412 with one that does not fit. */
function guard(world: RedfishWorld, inside: RedfishInside, { request, path }: Asked): Reply | null {
  if (world.shape.guard === "none") return null;
  const given = request.headers["if-match"];
  if (given === undefined && world.shape.guard === "checked") return null;
  const tag = tagOf(world, redfishTree(world, inside)[path]);
  if (given === undefined)
    return refuse(428, "Base.1.13.PreconditionRequired", "an If-Match is needed");
  if (given === "*" || tag === null || given === tag) return null;
  return refuse(412, "Base.1.13.PreconditionFailed", "it was changed by somebody else");
}

function patchSystem(world: RedfishWorld, inside: RedfishInside, asked: Asked): Reply {
  const { body, path } = asked;
  const { system } = placesOf(world.shape);
  const light = world.shape.light === "none" ? undefined : body[world.shape.light];
  if (light !== undefined && path === system) {
    inside.isLit = light === true || light === "Blinking" || light === "Lit";
    return empty(204);
  }
  const boot = body["Boot"];
  if (typeof boot !== "object" || boot === null)
    return refuse(400, "Base.1.13.PropertyUnknown", "only Boot and the light can be changed");
  return patchBoot(world, inside, { boot: boot as Body, isSettings: path !== system });
}

function session(
  { state, shape }: RedfishWorld,
  inside: RedfishInside,
  { request, path, body }: Asked,
): Reply {
  const sessions = `${root}/SessionService/Sessions`;
  if (request.method === "DELETE") {
    for (const [token, one] of inside.sessions)
      if (one === path) {
        inside.sessions.delete(token);
        return empty(204);
      }
    return refuse(404, "Base.1.13.ResourceMissingAtURI", `${path} was not found`);
  }
  if (request.method !== "POST" || path !== sessions)
    return refuse(405, "Base.1.13.OperationNotAllowed", `${request.method} ${path}`);
  const user = body["UserName"];
  if (typeof user !== "string" || state.users[user] !== body["Password"])
    return refuse(401, "Base.1.13.ResourceAtUriUnauthorized", "no such user and password");
  if (inside.sessions.size >= shape.sessionsMax)
    return refuse(503, "Base.1.13.SessionLimitExceeded", "no session is left");
  inside.counter += 1;
  const own = `${sessions}/${inside.counter}`;
  const token = createHash("sha256").update(`${state.uuid}\0${own}`).digest("hex").slice(0, 32);
  inside.sessions.set(token, own);
  return replied(
    201,
    { "@odata.id": own, Id: String(inside.counter), Name: "Session", UserName: user },
    { "x-auth-token": token, location: own },
  );
}

const orders: Readonly<Record<string, DriverPowerOrder | "interrupt">> = {
  On: "on",
  ForceOn: "on",
  ForceOff: "off",
  GracefulShutdown: "soft-off",
  GracefulRestart: "soft-restart",
  ForceRestart: "restart",
  PowerCycle: "cycle",
  FullPowerCycle: "ac-cycle",
  Nmi: "interrupt",
};

function reset(
  world: RedfishWorld,
  inside: RedfishInside,
  body: Body,
  types: readonly string[],
): Reply {
  const type = body["ResetType"];
  const order =
    type === "PushPowerButton"
      ? world.machine.isOn()
        ? "soft-off"
        : "on"
      : typeof type === "string"
        ? orders[type]
        : undefined;
  if (typeof type !== "string" || order === undefined || !types.includes(type))
    return refuse(
      400,
      "Base.1.13.ActionParameterNotSupported",
      `ResetType ${String(type)} is not offered`,
    );
  world.machine.order(order);
  note(world, inside, `Reset ${type} was requested.`);
  return taken(world, inside, `Reset ${type}`);
}

/** 202 with a task where tasks take time, else 204: it is done. */
export function taken(world: RedfishWorld, inside: RedfishInside, name: string): Reply {
  if (world.shape.taskMs === 0) return empty(204);
  inside.counter += 1;
  const nowMs = world.clock.nowMonotonicMs();
  const path = `${root}/TaskService/Tasks/${inside.counter}`;
  const task = { path, name, doneMs: nowMs + world.shape.taskMs };
  inside.tasks.set(path, task);
  const location = `${root}/TaskService/TaskMonitors/${inside.counter}`;
  return replied(202, taskBody(task, nowMs), { location });
}

/** Sessions and tasks are gone; for a while every answer is 503. */
function restart(world: RedfishWorld, inside: RedfishInside, body: Body): Reply {
  const type = body["ResetType"];
  const { managerResetTypes, resetListed, restartMs } = world.shape;
  const isBare = type === undefined && resetListed === "nowhere";
  if (!isBare && (typeof type !== "string" || !managerResetTypes.includes(type)))
    return refuse(
      400,
      "Base.1.13.ActionParameterNotSupported",
      `ResetType ${String(type)} is not offered`,
    );
  note(world, inside, "The controller was restarted.");
  inside.sessions.clear();
  inside.tasks.clear();
  inside.awayUntilMs = world.clock.nowMonotonicMs() + restartMs;
  return empty(204);
}

function clearJobs(inside: RedfishInside, body: Body): Reply {
  const id = body["JobID"];
  if (id !== "JID_CLEARALL" && id !== "JID_CLEARALL_FORCE")
    return refuse(400, "Base.1.13.ActionParameterNotSupported", "JobID");
  inside.jobs = [];
  return replied(200, {
    "@Message.ExtendedInfo": [{ MessageId: "IDRAC.2.8.SUP020", Message: "Done." }],
  });
}
