import { anyOf, type Form, inOrder, maybe, oneOf, shape, word } from "./argument-forms.ts";

const count = shape(/^\d{1,5}$/);
const identifier = shape(/^(?:0x[0-9a-fA-F]{1,4}|\d{1,5})$/);
/** Names of sensors, as boards have them: "Temp CPU 1 (P0)". */
const sensorName = shape(/^[A-Za-z0-9+][A-Za-z0-9 +./%:()#_-]{0,63}$/);

/**
 * ipmitool on this host's own BMC: never -H and -U (another machine's), never a file (-f, -S,
 * `sel save`, `sdr dump`), never `raw`, and no verb that sets, clears, resets or writes.
 */
export const ipmitoolForm: Form = inOrder(
  anyOf(
    inOrder(word("-I"), word("open")),
    inOrder(word("-d", "-N", "-R"), shape(/^\d{1,2}$/)),
    word("-c", "-v"),
  ),
  oneOf(
    word("-V"),
    inOrder(word("mc", "bmc"), oneOf(word("info", "guid", "getenables"), watchdog())),
    inOrder(
      word("sdr"),
      maybe(
        oneOf(
          inOrder(
            word("list", "elist"),
            maybe(word("all", "full", "compact", "event", "mcloc", "fru", "generic")),
          ),
          word("info"),
          inOrder(word("type", "entity"), maybe(sensorName)),
          inOrder(word("get"), sensorName, anyOf(sensorName)),
        ),
      ),
    ),
    inOrder(
      word("sensor"),
      maybe(oneOf(word("list"), inOrder(word("get", "reading"), sensorName, anyOf(sensorName)))),
    ),
    inOrder(
      word("sel"),
      maybe(
        oneOf(
          word("info"),
          inOrder(
            word("list", "elist"),
            maybe(oneOf(inOrder(word("first", "last"), count), count)),
          ),
          inOrder(word("get"), identifier, anyOf(identifier)),
          inOrder(word("time"), word("get")),
        ),
      ),
    ),
    inOrder(word("fru"), maybe(inOrder(word("print", "list"), maybe(count)))),
    inOrder(
      word("chassis"),
      oneOf(
        word("status", "poh", "restart_cause", "selftest"),
        inOrder(word("power"), word("status")),
        inOrder(word("policy"), word("list")),
        inOrder(word("bootparam"), word("get"), count),
      ),
    ),
    inOrder(
      word("dcmi"),
      oneOf(
        word("discover", "sensors", "asset_tag", "get_temp_reading", "get_mc_id_string"),
        inOrder(
          word("power"),
          word("reading", "get_limit"),
          maybe(shape(/^\d{1,2}_(?:sec|min|hour|day)s?$/)),
        ),
      ),
    ),
    inOrder(word("lan"), word("print"), maybe(count)),
    inOrder(word("channel"), word("info"), maybe(count)),
  ),
);

function watchdog(): Form {
  return inOrder(word("watchdog"), word("get"));
}
