import type { PlantedBug } from "./plant.ts";

/** A small fleet with much to do: what it takes to find most bugs in a few seconds. */
const busyFleet = { kind: "fleet", hosts: 40, hours: 8, pace: 10 } as const;
/** As the soak of fleets plays them. */
const shortFleet = { kind: "fleet", hosts: 24, hours: 4, pace: 14 } as const;

/** Found by the simulation of a whole fleet. */
export const fleetBugs: readonly PlantedBug[] = [
  {
    ...busyFleet,
    name: "a host that is lost is quarantined",
    because: "nobody should be placed on a host that does not answer",
    file: "fleet/lifecycle/life-rounds.ts",
    find: `if (event.kind === "freeze-changed") settleOwed();`,
    replace: `if (event.kind === "freeze-changed") settleOwed();
    if (event.kind === "link-changed" && event.state === "lost" && effects.leads())
      void desk.change(event.hostId, ({ host }) => ({
        kind: "change",
        value: null,
        change: {
          hosts: [
            {
              record: { ...host, phase: "quarantined", revision: host.revision + 1 },
              expectedRevision: host.revision,
            },
          ],
          audit: {
            atMs: clock.nowUnixMs(),
            actor: "health",
            actorKind: "automation",
            action: "host.phase",
            outcome: "done",
            subject: { kind: "host", id: host.id, name: host.name, serial: host.serial, rack: null },
            reason: "lost",
            planHash: null,
            facts: { from: host.phase, to: "quarantined" },
          },
        },
      }));`,
    seeds: [1, 2, 3],
    killedBy: "L3",
  },
  {
    ...busyFleet,
    name: "an operation begins at the epoch that its host has, not at a new one",
    because: "the first one needs no higher epoch, and so each test of one operation passes",
    file: "fleet/lifecycle/decide-start.ts",
    find: "epoch: host.epoch + 1,",
    replace: "epoch: Math.max(1, host.epoch),",
    seeds: [1, 2],
    killedBy: "L4",
  },
  {
    ...busyFleet,
    hours: 2,
    pace: 40,
    name: "a plan of no host named is a plan of all",
    because: "an empty list in a filter means that nothing is filtered",
    file: "fleet/lifecycle/plans/plan-hosts.ts",
    find: "const named = [...new Set(ask.hostIds)];",
    replace: `const named =
    ask.hostIds.length > 0
      ? [...new Set(ask.hostIds)]
      : index.snapshot.hosts.map(({ id }) => id);`,
    seeds: [3, 1, 2],
    killedBy: "L6",
  },
  {
    ...busyFleet,
    name: "what is silent is counted among those that serve",
    because:
      "a link that is down says nothing of the host behind it, so the look at it was dropped",
    file: "fleet/lifecycle/plans/serving.ts",
    find: `  if (isSilent(observed, index) || isUntold(host.id, index)) return "silent";\n`,
    replace: "",
    seeds: [2, 1, 3, 4, 5, 6],
    killedBy: "L7",
  },
  {
    ...shortFleet,
    name: "what is drained already is not counted as out",
    because: "the floor is meant for hosts that we take now, and those were taken before",
    file: "fleet/lifecycle/plans/serving.ts",
    find: `if (!isServingPhase(host) || (!isUp(host.id)`,
    replace: `if (host.phase === "retired" || (!isUp(host.id)`,
    seeds: [100_000, 100_001, 100_002, 100_003, 100_004, 100_005],
    killedBy: "L7",
  },
  {
    ...busyFleet,
    name: "a host whose record goes is ordered to lift its fence",
    because: "nobody will lift it any more, and somebody may want the machine",
    file: "fleet/executor/create-executor.ts",
    find: `      default:
    }`,
    replace: `      case "host-removed":
        void hosts.order(
          event.hostId,
          {
            operationId: "" as OrderProgress["operationId"],
            epoch: Number.MAX_SAFE_INTEGER,
            generation: 1,
            serial: null,
            action: { kind: "release", restart: true },
          },
          60_000,
        );
        return;
      default:
    }`,
    seeds: [4, 1, 2, 3, 5, 6],
    killedBy: "L8",
  },
  {
    ...busyFleet,
    name: "the id of a removed host may be used again",
    because: "somebody removed a host by mistake and wants it back as it was",
    file: "fleet/storage/inventory-tables.ts",
    find: `        throw new StoreError("STORE_FAILED", \`host id \${record.id} belonged to a removed host\`);`,
    replace: `        await trx.deleteFrom("removed_hosts").where("id", "=", record.id).execute();`,
    seeds: [4, 2, 3, 5, 6, 7, 8, 9, 10],
    killedBy: "L9",
  },
  {
    ...busyFleet,
    name: "what a round begins is counted only where the host has an operation already",
    because: "a negation was lost when the condition was taken apart",
    file: "fleet/lifecycle/plans/start-gate.ts",
    find: "if (index.operationByHost.get(host.id) === undefined) {",
    replace: "if (index.operationByHost.get(host.id) !== undefined) {",
    seeds: [1, 2, 3, 4],
    killedBy: "S5",
  },
  {
    ...busyFleet,
    name: "one host more than the budget is taken",
    because: "a limit is read as what may be passed, not as what may be reached",
    file: "fleet/lifecycle/plans/budgets.ts",
    find: "if (taken >= limit) full.push",
    replace: "if (taken > limit) full.push",
    seeds: [1, 2, 3, 4],
    killedBy: "S5",
  },
  {
    ...busyFleet,
    name: "what an operation waits for is written without an entry in the audit",
    because: "waits are most of all entries, and nobody reads them",
    file: "fleet/storage/life-commit.ts",
    find: "await appendEntry(trx, audit);",
    replace: `if (audit.action !== "operation.wait") await appendEntry(trx, audit);`,
    seeds: [1, 2],
    killedBy: "S7",
  },
  {
    ...busyFleet,
    name: "a change of phase has two entries in the audit",
    because: "the end of the operation and the new phase look like two events",
    file: "fleet/storage/life-commit.ts",
    find: "await appendEntry(trx, audit);",
    replace: `if (audit.action === "host.phase")
        await appendEntry(trx, { ...audit, action: "operation.done" });
      await appendEntry(trx, audit);`,
    seeds: [1, 2],
    killedBy: "S7",
  },
  {
    ...busyFleet,
    name: "a host that is drained may be drained once more",
    because: "that would renew its proof, and does no harm",
    file: "fleet/lifecycle/operation-table.ts",
    find: `drained: no("is drained already"),`,
    replace: `drained: to("drained"),`,
    seeds: [1, 2],
    killedBy: "S8",
  },
  {
    ...busyFleet,
    hours: 3,
    pace: 30,
    name: "how far an evacuation is, is believed of whichever host tells it",
    because: "operation and epoch name it already, so the host need not be compared",
    file: "fleet/executor/create-executor.ts",
    find: `    if (runners.ofHost(hostId).length === 0) return;
    const runner = runners.get(\`\${progress.operationId} \${progress.epoch}\`);
    const isNews = runner?.hostId === hostId && isNewsOf(runner.memory, progress);
    const left = namesLeft(progress.workloads);
    void execution
      .change<OperationRecord | null>(hostId, (facts) => {`,
    replace: `    const runner = runners.get(\`\${progress.operationId} \${progress.epoch}\`);
    if (runner === undefined) return;
    const isNews = isNewsOf(runner.memory, progress);
    const left = namesLeft(progress.workloads);
    void execution
      .change<OperationRecord | null>(runner.hostId, (facts) => {`,
    seeds: [4, 2, 3, 1],
    killedBy: "S13",
  },
  {
    ...busyFleet,
    name: "a workload that is stopping counts as gone",
    because: "a list of what runs asks for the state running",
    file: "fleet/executor/evacuate-step.ts",
    find: `.filter(({ state }) => state !== "stopped")
    .map(`,
    replace: `.filter(({ state }) => state === "running")
    .map(`,
    seeds: [1, 2],
    killedBy: "drained",
  },
  {
    ...busyFleet,
    name: "people may do to a watched host what the automation may not",
    because: "who asks by hand knows what he does",
    file: "fleet/lifecycle/why-not-start.ts",
    find: "if (host.watchedOnly) why.push(watchedOnly(facts));",
    replace: `if (host.watchedOnly && asker.kind !== "person") why.push(watchedOnly(facts));`,
    seeds: [1, 2],
    killedBy: "holds",
  },
  {
    ...busyFleet,
    name: "what is under way goes on in a freeze",
    because: "no write of it is taken by the store, so it seemed to be stopped already",
    file: "fleet/life/start-life.ts",
    find: " && freeze.freeze() === null;",
    replace: ";",
    seeds: [4, 5, 6, 2],
    killedBy: "freeze",
  },
  {
    ...busyFleet,
    name: "who asked to lift a freeze may agree to that",
    because: "who asks a second time has thought about it twice",
    file: "fleet/lifecycle/freeze.ts",
    find: `return freeze.liftAsked.by === word.by ? fail("same-person") : ok(null);`,
    replace: "return ok(null);",
    seeds: [3, 2, 1, 4],
    killedBy: "freeze",
  },
  {
    ...busyFleet,
    name: "a host that comes back from a drain is offered to whoever wants one",
    because: "it is empty, healthy and serves nobody, which is what available hosts are",
    file: "fleet/executor/other-steps.ts",
    find: `phase: "active",`,
    replace: `phase: "available",`,
    seeds: [1, 2, 3],
    killedBy: "L1",
  },
  {
    ...busyFleet,
    name: "a host that is cleared serves, wherever it was before",
    because:
      "nearly all that were ever cleared had served, and who clears a host wants it back at work",
    file: "fleet/executor/other-steps.ts",
    find: "phase: detail.backTo,",
    replace: `phase: "active",`,
    seeds: [2, 3, 4, 1],
    killedBy: "quarantine",
  },
  {
    ...busyFleet,
    name: "people may begin what they like where many hosts were lost together",
    because: "the brake is for the automation, and who asks by hand has seen the alarm",
    file: "fleet/lifecycle/plans/start-gate.ts",
    find: `const isStopped = stopped !== null && operationTable[kind].class !== "L";`,
    replace: "const isStopped = stopped !== null && isAutomation;",
    also: [
      {
        file: "fleet/life/start-life.ts",
        find: "[...freeze.whys(), ...safeMode.whys(), ...(why === null ? [] : [why])]",
        replace: "[...freeze.whys(), ...safeMode.whys()]",
      },
    ],
    seeds: [1, 3, 6, 5],
    killedBy: "brake",
  },
  {
    ...busyFleet,
    name: "a manager that was paused writes at its older term",
    because:
      "its leadership was renewed a moment ago, and a store that has seen a later term has it anyway",
    file: "fleet/storage/life-conflicts.ts",
    find: "if (row === undefined || row.term === term) return undefined;",
    replace: "if (row === undefined || row.term >= term) return undefined;",
    also: [
      {
        file: "fleet/lifecycle/leadership.ts",
        find: `    clock.nowUnixMs() < held.untilUnixMs &&
    clock.nowMonotonicMs() < held.untilMonotonicMs
`,
        replace: "    held.term > 0\n",
      },
    ],
    seeds: [2, 1, 3, 4],
    killedBy: "S11",
  },
  {
    ...busyFleet,
    name: "an order that was taken back is given once more",
    because: "most orders that nobody answers were lost on the way, and each is done only once",
    file: "fleet/executor/step-run.ts",
    find: "      if (answered.ok) memory.silent = 0;",
    replace: `      if (!answered.ok && answered.problem.kind === "given-up" && effects.leads(operation.kind))
        return this.order(action, verb);
      if (answered.ok) memory.silent = 0;`,
    seeds: [1, 2, 3],
    killedBy: "L5",
  },
  {
    ...busyFleet,
    name: "what a person has paused gives no reason",
    because: "who paused it, when and what for stands in the audit",
    file: "fleet/lifecycle/decide-control.ts",
    find: `{ operation: { status: "paused", why }, action },`,
    replace: `{
      operation: { status: "paused", why: actor.kind === "person" ? [] : why },
      action,
    },`,
    seeds: [1, 2, 3],
    killedBy: "S12",
  },
];
