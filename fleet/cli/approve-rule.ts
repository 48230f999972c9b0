import type { ApiClient } from "#fleet/api/client.ts";
import type { ApproveRule, RuleAnswer } from "#fleet/api/estate-schemas.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { safeJson } from "./output.ts";
import type { FormOptions, Session } from "./session.ts";
import { safeText } from "./words.ts";

export interface RuleOptions extends FormOptions {
  readonly rule?: string;
  readonly dryRun?: boolean;
  /** A token's id; true: the only one that leads to pending. */
  readonly asTheyCome?: string | true;
  readonly adopt?: boolean;
}

/** `enroll approve --rule serial,bmc-mac`. */
export async function approveByRule(session: Session, options: RuleOptions): Promise<void> {
  const { terminal } = session;
  const client = await session.client();
  const tokenId = await findToken(client, options.asTheyCome);
  const outcome = await client.approveByRule(
    {
      rule: readRule(options.rule ?? ""),
      ...(options.dryRun ? { dryRun: true } : {}),
      ...(options.adopt ? { adopt: true } : {}),
      ...(tokenId === undefined ? {} : { tokenId }),
    },
    terminal.newKey(),
  );
  if (options.output === "json") terminal.stdout.write(`${safeJson(outcome, 2)}\n`);
  else tell(session, options, outcome);
  if (tokenId !== undefined && !options.dryRun)
    terminal.stderr.write(`machines that come with token ${tokenId} are approved as they come\n`);
  if (outcome.left.length > 0) session.endWith(exitCodes.partFailed);
}

function readRule(text: string): ApproveRule["rule"] {
  const words = [...new Set(text.split(",").map((word) => word.trim()))];
  const rule = words.filter((word) => word === "serial" || word === "bmc-mac");
  if (rule.length === words.length && rule.includes("serial")) return rule;
  throw new CommandError(
    exitCodes.usage,
    `"${text}" is no rule`,
    "write --rule serial,bmc-mac or --rule serial",
  );
}

async function findToken(
  client: ApiClient,
  given: string | true | undefined,
): Promise<string | undefined> {
  if (given !== true) return given;
  const { items } = await client.tokens();
  const batch = items.filter(({ kind, usesLeft }) => kind === "pending" && usesLeft > 0);
  const [only] = batch;
  if (only !== undefined && batch.length === 1) return only.id;
  throw new CommandError(
    exitCodes.usage,
    `${batch.length} tokens lead to pending`,
    `say which: --as-they-come TOKEN-ID${batch.length === 0 ? ", made with `enroll token --uses N`" : `, one of ${batch.map(({ id }) => id).join(", ")}`}`,
  );
}

function tell({ terminal }: Session, options: RuleOptions, outcome: RuleAnswer): void {
  const say = (text: string): void => terminal.stdout.write(`${safeText(text)}\n`);
  for (const { pendingId, hostName, adopted } of outcome.approved)
    say(
      `+ ${hostName}  ${adopted ? "taken in as it stands, only watched" : "new"}  (${pendingId})`,
    );
  for (const { pendingId, words } of outcome.left) say(`! ${pendingId}  ${words}`);
  const done = options.dryRun ? "would be approved" : "approved";
  say(`${outcome.approved.length} ${done}, ${outcome.left.length} wait`);
}
