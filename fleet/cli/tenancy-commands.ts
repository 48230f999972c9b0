import { Command, Option } from "commander";
import type { AddLease, NamedLease, Tenant } from "#fleet/api/tenancy-schemas.ts";
import { type Column, printList, printOne } from "./output.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime, notSeen } from "./words.ts";

/** Whose work runs on leased hosts: `tenant add|list`. */
export function tenantCommand(session: Session): Command {
  return new Command("tenant")
    .description("whose work runs on leased hosts")
    .addCommand(
      new Command("add")
        .description("add a tenant")
        .argument("<name>", "small letters, digits and -")
        .option("--webhook <url>", "where notices go")
        .addOption(outputOption(["table", "json", "name"]))
        .action(async (name: string, options: FormOptions & { readonly webhook?: string }) => {
          const { webhook } = options;
          const wanted = { name, ...(webhook === undefined ? {} : { webhook }) };
          const client = await session.client();
          const tenant = await client.addTenant(wanted, session.terminal.newKey());
          printOne(session.terminal, options.output, {
            value: tenant,
            name: tenant.name,
            lines: [
              ["name", tenant.name],
              ["id", tenant.id],
              ["notices to", tenant.webhook ?? "nobody"],
            ],
          });
        }),
    )
    .addCommand(
      new Command("list")
        .description("list tenants")
        .addOption(outputOption())
        .action(async (options: FormOptions) => {
          const { items } = await (await session.client()).tenants();
          printList(session.terminal, options.output, {
            rows: items,
            columns: tenantColumns,
            nameOf: (tenant) => tenant.name,
            none: "no tenants",
          });
        }),
    );
}

const tenantColumns: readonly Column<Tenant>[] = [
  { title: "TENANT", key: "name", show: (one) => one.name, raw: (one) => one.name },
  {
    title: "NOTICES TO",
    key: "webhook",
    show: (one) => one.webhook ?? "nobody",
    raw: (one) => one.webhook,
  },
  {
    title: "SINCE",
    key: "created_time",
    show: (one, nowMs) => ago(one.createdMs, nowMs),
    raw: (one) => isoTime(one.createdMs),
  },
  { title: "ID", key: "id", show: (one) => one.id, raw: (one) => one.id },
];

/** Which tenant has which host: `lease add|list|end`. */
export function leaseCommand(session: Session): Command {
  return new Command("lease")
    .description("which tenant has which host, or a share of it")
    .addCommand(addLeaseCommand(session))
    .addCommand(
      new Command("list")
        .description("list leases that run")
        .argument("[selector]", "of these hosts only")
        .addOption(outputOption())
        .action(async (selector: string | undefined, options: FormOptions) => {
          const { items } = await (await session.client()).leases({ selector });
          printLeases(session, options, items);
        }),
    )
    .addCommand(
      new Command("end")
        .description("end a lease; nothing on the machine changes")
        .argument("<id>", "from `lease list`")
        .action(async (id: string) => {
          await (await session.client()).endLease(id);
          session.terminal.stderr.write("the lease is over\n");
        }),
    );
}

interface AddLeaseOptions extends FormOptions {
  readonly share: NonNullable<AddLease["share"]>;
  readonly trust: NonNullable<AddLease["trust"]>;
  readonly notice: NonNullable<AddLease["notice"]>;
  readonly evacuation: NonNullable<AddLease["evacuation"]>;
  readonly workload: readonly string[];
}

function addLeaseCommand(session: Session): Command {
  return new Command("add")
    .description("lease a host, or a share of it, to a tenant")
    .argument("<tenant>", "its name or id")
    .argument("<host>", "its name or id")
    .addOption(choice("--share <share>", "who else may be there", ["shared", "exclusive"]))
    .addOption(
      choice("--trust <trust>", "who is root there: we, or the tenant", ["operated", "rented"]),
    )
    .addOption(choice("--notice <class>", "before it is touched", ["day", "none", "hour", "week"]))
    .addOption(
      choice("--evacuation <strategy>", "what becomes of it in a drain", [
        "stop-at-deadline",
        "migrate",
        "replace",
        "wait",
      ]),
    )
    .option(
      "--workload <name>",
      "what belongs to it, as in systemd:photo.service; may be said again",
      (name: string, others: readonly string[]) => [...others, name],
      [],
    )
    .addOption(outputOption())
    .action(async (tenant: string, host: string, options: AddLeaseOptions) => {
      const { share, trust, notice, evacuation, workload } = options;
      const lease = await (await session.client()).addLease(
        { tenant, host, share, trust, notice, evacuation, workloads: [...workload] },
        session.terminal.newKey(),
      );
      printLeases(session, options, [lease]);
    });
}

/** The first is the usual. */
function choice(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, description).choices(words).default(words[0]);
}

function printLeases(session: Session, options: FormOptions, rows: readonly NamedLease[]): void {
  printList(session.terminal, options.output, {
    rows,
    columns: leaseColumns,
    nameOf: (lease) => lease.id,
    none: "no leases",
  });
}

const leaseColumns: readonly Column<NamedLease>[] = [
  { title: "LEASE", key: "id", show: (one) => one.id, raw: (one) => one.id },
  { title: "TENANT", key: "tenant", show: (one) => one.tenant, raw: (one) => one.tenant },
  { title: "HOST", key: "host", show: (one) => one.host, raw: (one) => one.host },
  { title: "SHARE", key: "share", show: (one) => one.share, raw: (one) => one.share },
  { title: "TRUST", key: "trust", show: (one) => one.trust, raw: (one) => one.trust },
  { title: "NOTICE", key: "notice", show: (one) => one.notice, raw: (one) => one.notice },
  {
    title: "IN A DRAIN",
    key: "evacuation",
    show: (one) => one.evacuation,
    raw: (one) => one.evacuation,
  },
  {
    title: "WORKLOADS",
    key: "workloads",
    show: (one) => one.workloads.join(" ") || notSeen,
    raw: (one) => one.workloads.join(" "),
  },
];
