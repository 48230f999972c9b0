import { shellQuote } from "#proto/vocabulary/shell-words.ts";
import type { AskedWrite } from "./refuse-write.ts";

const reason = "--reason REASON";

/** The command that asks a cell for what was asked here; `id` and names are words of their own. */
export function commandFor({ method, route, id, body }: AskedWrite): string {
  const target = shellQuote(id ?? textOf(body, "host") ?? "ID");
  const selector = shellQuote(textOf(body, "selector") ?? "SELECTOR");
  const command = commands[`${method} ${route}`];
  if (command === undefined) return "wws-fleet --help";
  return command({ target, selector, body });
}

interface Words {
  readonly target: string;
  readonly selector: string;
  readonly body: unknown;
}

/** One for each change that people ask by hand; the test walks every route of a manager. */
const commands: Readonly<Record<string, (words: Words) => string>> = {
  "POST /api/v1/plans": ({ selector, body }) =>
    `wws-fleet host ${actionOf(body)} ${selector} ${reason}`,
  "POST /api/v1/plans/:id/apply": ({ target }) => `wws-fleet plan apply ${target}`,
  "POST /api/v1/plans/:id/pause": ({ target }) => `wws-fleet plan pause ${target} ${reason}`,
  "POST /api/v1/plans/:id/resume": ({ target }) => `wws-fleet plan resume ${target} ${reason}`,
  "POST /api/v1/plans/:id/cancel": ({ target }) => `wws-fleet plan cancel ${target} ${reason}`,
  "POST /api/v1/operations/:id/pause": ({ target }) => `wws-fleet op pause ${target} ${reason}`,
  "POST /api/v1/operations/:id/resume": ({ target }) => `wws-fleet op resume ${target} ${reason}`,
  "POST /api/v1/operations/:id/cancel": ({ target }) => `wws-fleet op cancel ${target} ${reason}`,
  "POST /api/v1/operations/:id/confirm-off": ({ target }) =>
    `wws-fleet op confirm-off ${target} --serial SERIAL ${reason}`,
  "POST /api/v1/holds": ({ target, body }) =>
    `wws-fleet hold add ${target} --kind ${holdKindOf(body)} ${reason}`,
  "DELETE /api/v1/holds/:id": ({ target }) => `wws-fleet hold release ${target} ${reason}`,
  "POST /api/v1/alerts/:id/acknowledge": ({ target }) =>
    `wws-fleet alert acknowledge ${target} ${reason}`,
  "POST /api/v1/alerts/silences": ({ selector }) =>
    `wws-fleet alert silence ${selector} --until TIME ${reason}`,
  "DELETE /api/v1/alerts/silences/:id": ({ target }) =>
    `wws-fleet alert unsilence ${target} ${reason}`,
  "POST /api/v1/alerts/test": () => `wws-fleet alert test ${reason}`,
  "POST /api/v1/freeze": () => `wws-fleet freeze ${reason}`,
  "DELETE /api/v1/freeze": () => `wws-fleet unfreeze ${reason}`,
  "POST /api/v1/tenants": ({ body }) =>
    `wws-fleet tenant add ${shellQuote(textOf(body, "name") ?? "NAME")}`,
  "POST /api/v1/leases": ({ target }) => `wws-fleet lease add TENANT ${target}`,
  "DELETE /api/v1/leases/:id": ({ target }) => `wws-fleet lease end ${target}`,
  "DELETE /api/v1/hosts/:id": ({ target }) => `wws-fleet enroll remove ${target} ${reason}`,
  "POST /api/v1/hosts/:id/accept-hardware": ({ target }) =>
    `wws-fleet host accept-hardware ${target}`,
  "POST /api/v1/hosts/:id/position": () => "wws-fleet inventory import FILE",
  "POST /api/v1/hosts/:id/manage": ({ target }) => `wws-fleet host manage ${target} ${reason}`,
  "POST /api/v1/hosts/:id/watch": ({ target }) => `wws-fleet host watch-only ${target} ${reason}`,
  "POST /api/v1/enrolment/tokens": () => "wws-fleet enroll token",
  "POST /api/v1/enrolment/pending/:id/approve": ({ target }) =>
    `wws-fleet enroll approve ${target}`,
  "DELETE /api/v1/enrolment/pending/:id": ({ target }) =>
    `wws-fleet enroll remove ${target} ${reason}`,
  "POST /api/v1/enrolment/approve-by-rule": () => "wws-fleet enroll approve --rule serial,bmc-mac",
  "POST /api/v1/inventory/import": () => "wws-fleet inventory import FILE",
  "POST /api/v1/store/safe-mode/acknowledge": () => `wws-fleet store acknowledge ${reason}`,
};

/** Verbs of `wws-fleet host` that make a plan are called as their action. */
function actionOf(body: unknown): string {
  const action: unknown =
    typeof body === "object" && body !== null ? Reflect.get(body, "action") : null;
  const kind = textOf(action, "kind");
  return kind !== null && /^[a-z]{1,20}$/.test(kind) ? kind : "drain";
}

function holdKindOf(body: unknown): string {
  const kind = textOf(body, "kind");
  return kind !== null && /^[a-z-]{1,20}$/.test(kind) ? kind : "cordon";
}

function textOf(body: unknown, name: string): string | null {
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : null;
  return typeof value === "string" && value.length > 0 && value.length <= 1_024 ? value : null;
}

/** `POST /api/v1/holds` and what else has a command of its own. */
export const commandRoutes: readonly string[] = Object.keys(commands);
