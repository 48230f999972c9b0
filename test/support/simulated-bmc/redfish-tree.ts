import {
  placesOf,
  type RedfishInside,
  type RedfishWorld,
  root,
  type SimulatedTask,
} from "./redfish-inside.ts";
import { collection, healthy, link, named } from "./redfish-odata.ts";
import { powerTree } from "./redfish-power.ts";
import { macOf, resetOf, systemTree } from "./redfish-system.ts";

type Tree = Readonly<Record<string, unknown>>;

/** Every resource of the simulated server by its path, as things are now. */
export function redfishTree(world: RedfishWorld, inside: RedfishInside): Tree {
  const { state, shape } = world;
  const { system, chassis, manager } = placesOf(shape);
  return {
    "/redfish": { v1: `${root}/` },
    [root]: {
      ...named(root, "ServiceRoot.v1_11_0.ServiceRoot", "RootService", "Root Service"),
      RedfishVersion: "1.15.0",
      UUID: state.uuid,
      Vendor: shape.maker,
      Product: shape.managerModel,
      Systems: link(`${root}/Systems`),
      Chassis: link(`${root}/Chassis`),
      Managers: link(`${root}/Managers`),
      AccountService: link(`${root}/AccountService`),
      SessionService: link(`${root}/SessionService`),
      Tasks: link(`${root}/TaskService`),
      UpdateService: link(`${root}/UpdateService`),
      Links: { Sessions: link(`${root}/SessionService/Sessions`) },
    },
    ...collection(`${root}/Systems`, "ComputerSystem", [system]),
    ...collection(`${root}/Chassis`, "Chassis", [chassis]),
    ...collection(`${root}/Managers`, "Manager", [manager]),
    ...systemTree(world, inside),
    ...powerTree(world),
    ...managerTree(world, inside),
    ...mediaTree(world, inside),
    ...serviceTree(world, inside),
  };
}

function managerTree(world: RedfishWorld, inside: RedfishInside): Tree {
  const { state, lies, shape } = world;
  const { system, chassis, manager, media, log, jobs, jobService } = placesOf(shape);
  const clock = new Date(state.clockMs + (lies.clockOffMs ?? 0)).toISOString();
  const entries = inside.log.map(({ id }) => `${log}/Entries/${id}`);
  return {
    [manager]: {
      ...named(manager, "Manager.v1_14_0.Manager", shape.managerId, "BMC"),
      ManagerType: "BMC",
      Model: shape.managerModel,
      FirmwareVersion: state.firmware,
      DateTime: clock,
      Status: healthy,
      ...(shape.mediaAt === "manager" ? { VirtualMedia: link(media) } : {}),
      LogServices: link(`${manager}/LogServices`),
      EthernetInterfaces: link(`${manager}/EthernetInterfaces`),
      Links: {
        ManagerForServers: [link(system)],
        ManagerForChassis: [link(chassis)],
        ...(shape.jobs === null
          ? {}
          : { Oem: { Dell: { DellJobService: link(jobService), Jobs: link(jobs) } } }),
      },
      Actions: {
        "#Manager.Reset": resetOf(
          `${manager}/Actions/Manager.Reset`,
          "",
          shape.resetListed === "nowhere" ? "nowhere" : "inline",
          shape.managerResetTypes,
        ),
      },
    },
    ...collection(`${manager}/EthernetInterfaces`, "EthernetInterface", [
      `${manager}/EthernetInterfaces/1`,
    ]),
    [`${manager}/EthernetInterfaces/1`]: {
      ...named(
        `${manager}/EthernetInterfaces/1`,
        "EthernetInterface.v1_8_0.EthernetInterface",
        "1",
        "BMC NIC",
      ),
      MACAddress: macOf(state.serial, 0),
      Status: healthy,
    },
    ...collection(`${manager}/LogServices`, "LogService", [log]),
    [log]: {
      ...named(log, "LogService.v1_3_0.LogService", "SEL", "System Event Log"),
      Entries: link(`${log}/Entries`),
      Actions: { "#LogService.ClearLog": { target: `${log}/Actions/LogService.ClearLog` } },
    },
    ...collection(`${log}/Entries`, "LogEntry", entries),
    ...Object.fromEntries(
      inside.log.map(({ id, atMs, words }) => {
        const path = `${log}/Entries/${id}`;
        const entry = {
          ...named(path, "LogEntry.v1_9_0.LogEntry", String(id), `Entry ${id}`),
          EntryType: "SEL",
          Severity: "OK",
          Created: new Date(atMs).toISOString(),
          Message: words,
        };
        return [path, entry] as const;
      }),
    ),
    ...(shape.jobs === null ? {} : jobTree(jobs, jobService, inside.jobs)),
  };
}

function jobTree(jobs: string, jobService: string, waiting: readonly string[]): Tree {
  return {
    ...collection(
      jobs,
      "DellJob",
      waiting.map((id) => `${jobs}/${id}`),
    ),
    ...Object.fromEntries(
      waiting.map((id) => {
        const path = `${jobs}/${id}`;
        const job = {
          ...named(path, "DellJob.v1_4_0.DellJob", id, "Configure: BIOS.Setup.1-1"),
          JobState: "Scheduled",
          PercentComplete: 0,
        };
        return [path, job] as const;
      }),
    ),
    [jobService]: {
      ...named(jobService, "DellJobService.v1_1_0.DellJobService", "DellJobService", "Jobs"),
      Actions: {
        "#DellJobService.DeleteJobQueue": {
          target: `${jobService}/Actions/DellJobService.DeleteJobQueue`,
        },
      },
    },
  };
}

function mediaTree({ shape }: RedfishWorld, { media: now }: RedfishInside): Tree {
  if (shape.mediaAt === "none") return {};
  const { media } = placesOf(shape);
  const slot = `${media}/Cd`;
  const floppy = `${media}/Floppy`;
  return {
    ...collection(media, "VirtualMedia", [floppy, slot]),
    // A slot without an action: nothing can be inserted here.
    [floppy]: {
      ...named(floppy, "VirtualMedia.v1_3_0.VirtualMedia", "Floppy", "Virtual floppy"),
      MediaTypes: ["Floppy"],
      Inserted: false,
      Image: null,
    },
    [slot]: {
      ...named(slot, "VirtualMedia.v1_3_0.VirtualMedia", "Cd", "Virtual CD"),
      MediaTypes: ["CD", "DVD"],
      Inserted: now.isInserted,
      Image: now.image,
      ConnectedVia: now.isInserted ? "URI" : "NotConnected",
      WriteProtected: true,
      ...(shape.mediaWants === "patch"
        ? {}
        : {
            Actions: {
              "#VirtualMedia.InsertMedia": { target: `${slot}/Actions/VirtualMedia.InsertMedia` },
              "#VirtualMedia.EjectMedia": { target: `${slot}/Actions/VirtualMedia.EjectMedia` },
            },
          }),
    },
  };
}

function serviceTree(world: RedfishWorld, inside: RedfishInside): Tree {
  const sessions = `${root}/SessionService/Sessions`;
  const tasks = `${root}/TaskService/Tasks`;
  const firmware = `${root}/UpdateService/FirmwareInventory`;
  return {
    [`${root}/AccountService`]: { Secret: "nobody may read this" },
    [`${root}/SessionService`]: {
      ...named(
        `${root}/SessionService`,
        "SessionService.v1_1_8.SessionService",
        "SessionService",
        "Sessions",
      ),
      ServiceEnabled: true,
      SessionTimeout: 1_800,
      Sessions: link(sessions),
    },
    ...collection(sessions, "Session", [...inside.sessions.values()]),
    ...Object.fromEntries(
      [...inside.sessions.values()].map((path) => [
        path,
        named(path, "Session.v1_4_0.Session", path.slice(sessions.length + 1), "Session"),
      ]),
    ),
    [`${root}/TaskService`]: {
      ...named(`${root}/TaskService`, "TaskService.v1_2_0.TaskService", "TaskService", "Tasks"),
      ServiceEnabled: true,
      Tasks: link(tasks),
    },
    ...collection(tasks, "Task", [...inside.tasks.keys()]),
    ...Object.fromEntries(
      [...inside.tasks.values()].map((task) => [
        task.path,
        taskBody(task, world.clock.nowMonotonicMs()),
      ]),
    ),
    [`${root}/UpdateService`]: {
      ...named(`${root}/UpdateService`, "UpdateService.v1_8_0.UpdateService", "U", "Update"),
      FirmwareInventory: link(firmware),
    },
    ...collection(firmware, "SoftwareInventory", [`${firmware}/BMC`]),
    [`${firmware}/BMC`]: { Id: "BMC", Name: "BMC", Version: world.state.firmware },
  };
}

/** Running, then Completed, by the controller's clock. */
export function taskBody({ path, name, doneMs }: SimulatedTask, nowMs: number): unknown {
  const isDone = nowMs >= doneMs;
  return {
    ...named(path, "Task.v1_6_0.Task", path.slice(path.lastIndexOf("/") + 1), name),
    TaskState: isDone ? "Completed" : "Running",
    TaskStatus: "OK",
    PercentComplete: isDone ? 100 : 50,
    TaskMonitor: `${root}/TaskService/TaskMonitors/${path.slice(path.lastIndexOf("/") + 1)}`,
    Messages: isDone ? [{ MessageId: "TaskEvent.1.0.TaskCompletedOK", Message: "Done." }] : [],
  };
}
