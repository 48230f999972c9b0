import { anyOf, type Form, inOrder, maybe, oneOf, shape, word } from "./argument-forms.ts";

const storcli: Form = inOrder(
  maybe(shape(/^\/c(?:all|ALL|\d{1,2})(?:\/(?:[esvdfp](?:all|ALL|x|\d{1,4})|bbu|cv)){0,3}$/)),
  // `show events file=…` and other words with a file are not here.
  word("show"),
  anyOf(
    word("all", "ctrlcount", "health", "smart", "rebuild", "copyback", "patrolread", "cc"),
    word("bgi", "erase", "initialization", "status", "J", "j", "nolog"),
  ),
);

const ssacli: Form = oneOf(
  word("version"),
  inOrder(
    word("controller", "ctrl"),
    anyOf(
      word("all", "array", "enclosure", "ld", "logicaldrive", "pd", "physicaldrive"),
      shape(/^slot=\d{1,2}$/),
      shape(/^(?:\d{1,3}|[A-Z]{1,2}|\d{1,2}[EI]:\d{1,2}:\d{1,3})$/),
    ),
    word("show"),
    anyOf(word("detail", "status", "config")),
  ),
);

const sasIrcu: Form = oneOf(
  word("LIST", "list"),
  inOrder(shape(/^\d{1,2}$/), word("DISPLAY", "display", "STATUS", "status")),
);

/**
 * Controllers: what they show. Whatever changes an array has another verb. mdadm only says
 * its version: it reads the members, which wakes them, and /proc/mdstat says what is wanted.
 */
export const raidForms = {
  storcli64: storcli,
  perccli64: storcli,
  ssacli,
  sas2ircu: sasIrcu,
  sas3ircu: sasIrcu,
  mdadm: word("--version", "-V"),
} satisfies Readonly<Record<string, Form>>;
