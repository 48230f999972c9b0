import type { BmcDriver, DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { RedfishTransport } from "../redfish-transport.ts";
import { accepted } from "./accepted.ts";
import { readBoot } from "./boot-read.ts";
import { writeBoot } from "./boot-write.ts";
import { createRedfishClient } from "./client.ts";
import { readEvents } from "./events.ts";
import type { RedfishMemory } from "./guarded-patch.ts";
import { readIdentity } from "./identity.ts";
import { readLight, writeLight } from "./light.ts";
import { createMedia, type WithPlaces } from "./media.ts";
import { findPlaces, lenient, type Places } from "./places.ts";
import { orderPower, readPowerState, resetActionOf } from "./power.ts";
import { problem } from "./problems.ts";
import { habitsOf, type HardwareNames, redfishQuirks, type RedfishQuirk } from "./quirks.ts";
import { createTasks } from "./tasks.ts";
import { readWatts } from "./watts.ts";

export interface RedfishDriverEffects {
  /** The driver closes it. */
  readonly transport: RedfishTransport;
  readonly clock: Clock;
}

export interface RedfishDriverOptions {
  readonly user: string;
  readonly password: string;
  /** As known before: the order of the ways until the service was read. */
  readonly hardware?: HardwareNames;
  readonly quirks?: readonly RedfishQuirk[];
  /** What was learnt of this class before, and is learnt now. */
  readonly memory?: RedfishMemory;
}

/** Restart types of a controller; the forced one first: a wedged one does not listen to the other. */
const managerResets = ["ForceRestart", "GracefulRestart"];

/** One host's BMC over Redfish, found by its links. Nothing is asked before the first call. */
export function createRedfishDriver(
  { transport, clock }: RedfishDriverEffects,
  options: RedfishDriverOptions,
): BmcDriver {
  const { user, password, quirks = redfishQuirks, memory = { guard: null } } = options;
  const client = createRedfishClient({ transport, clock, user, password });
  let places: Places | null = null;
  let habits = habitsOf(options.hardware ?? { maker: null, model: null, firmware: null }, quirks);
  let cancelLight: CancelTimer | null = null;

  /** With the places of the host; looked for anew when one of them is not found any more. */
  const at: WithPlaces = async (signal, run) => {
    if (signal.aborted) return fail(problem("withdrawn", "it was not wanted any more"));
    const known = places;
    if (known === null) {
      const found = await findPlaces(client, signal);
      if (!found.ok) return found;
      places = found.value;
    }
    const answer = await run(places as Places);
    if (!answer.ok && answer.problem.code === 404) places = null;
    return answer;
  };

  return {
    protocol: "redfish",
    identify: (signal) =>
      at(signal, async (found) => {
        const identity = await readIdentity(client, found, quirks, signal);
        if (identity.ok) habits = habitsOf(identity.value, quirks);
        return identity;
      }),
    power: (signal) => at(signal, (found) => readPowerState(client, found, clock, signal)),
    setPower: (order, signal) => at(signal, (found) => orderPower(client, found, order, signal)),
    boot: (signal) => at(signal, (found) => readBoot(client, found, signal)),
    get bootWays() {
      return habits.bootWays;
    },
    setBoot: (wish, way, signal) =>
      at(signal, (found) => writeBoot(client, { places: found, memory }, { wish, way }, signal)),
    watts: (signal) => at(signal, (found) => readWatts(client, found, clock, signal)),
    progress: (signal) =>
      at(signal, async ({ system }) => {
        const read = await client.get(system, signal);
        if (!read.ok) return read;
        const progress = lenient(read.value).child("BootProgress");
        const last = progress?.text("LastState") ?? null;
        return ok(last === "OEM" ? (progress?.text("OemLastState") ?? last) : last);
      }),
    events: (afterId, signal) => at(signal, (found) => readEvents(client, found, afterId, signal)),
    light: (signal) => at(signal, (found) => readLight(client, found, signal)),
    setLight: async (forMs, signal) => {
      const set = await at(signal, (found) =>
        writeLight(client, { places: found, memory }, forMs > 0, signal),
      );
      if (!set.ok) return set;
      cancelLight?.();
      cancelLight = null;
      // It has no time of its own: it is put out by us.
      if (forMs > 0)
        cancelLight = clock.after(forMs, () => {
          cancelLight = null;
          const { signal: own } = new AbortController();
          void at(own, (found) => writeLight(client, { places: found, memory }, false, own));
        });
      return set;
    },
    reset: (signal) =>
      at(signal, async ({ manager }) => {
        const sent = await resetManager(manager, signal);
        if (sent.ok) {
          client.forgetSession();
          places = null;
        }
        return sent;
      }),
    media: createMedia(client, memory, { at, insertWays: () => habits.insertWays }),
    tasks: createTasks(client, at),
    close: async () => {
      cancelLight?.();
      cancelLight = null;
      await client.close();
    },
  };

  async function resetManager(
    manager: string | null,
    signal: AbortSignal,
  ): ReturnType<BmcDriver["reset"]> {
    if (manager === null) return unsupported("it names no controller");
    const read = await client.get(manager, signal);
    if (!read.ok) return read;
    const action = await resetActionOf(client, lenient(read.value), "#Manager.Reset", signal);
    if (action === null) return unsupported("its controller cannot be restarted");
    const type = managerResets.find((one) => action.types.includes(one));
    if (type === undefined && action.types.length > 0)
      return unsupported(`its controller offers ${action.types.join(", ")}`);
    // Where no types are listed there is one only, and it needs no name.
    const body = type === undefined ? {} : { ResetType: type };
    const sent = await client.change({ method: "POST", path: action.target, body }, signal);
    if (!sent.ok) return sent;
    return ok(accepted(sent.value, `POST ${action.target} ${type ?? ""}`.trim()));
  }
}

function unsupported(detail: string): Result<never, DriverProblem> {
  return fail(problem("unsupported", detail));
}
