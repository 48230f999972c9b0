import type { HardwareSource, LookingTool } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { absent, absentByTool } from "./absences.ts";
import { joinAmd, parseAmdSmi, parseRocmSmi } from "./gpu-amd.ts";
import { parseNvidiaSmi } from "./gpu-nvidia.ts";
import type { GpuAnswer, GpuReading } from "./gpu-reading.ts";

/** A maker's program: `discover` asks for what hardly changes too. */
export interface GpuTool {
  discover(): Promise<Result<GpuAnswer, Absence>>;
  read(): Promise<Result<GpuAnswer, Absence>>;
}

export function nvidiaTool(source: HardwareSource): GpuTool {
  const read = () =>
    ask(source, { tool: "nvidia-smi", args: ["-q", "-x"], mend: "nvidia-smi" }, parseNvidiaSmi);
  return { discover: read, read };
}

/** amd-smi, and rocm-smi of older releases where that is not installed. */
export function amdTool(source: HardwareSource): GpuTool {
  let known: readonly GpuReading[] = [];
  let isOld = false;
  const metrics = () =>
    ask(source, { tool: "amd-smi", args: ["metric", "--json"], mend: "amd-smi" }, parseAmdSmi);
  const rocm = () =>
    ask(source, { tool: "rocm-smi", args: rocmArgs, mend: "rocm-smi" }, parseRocmSmi);
  const read = async (): Promise<Result<GpuAnswer, Absence>> => {
    if (isOld) return rocm();
    const answer = await metrics();
    if (!answer.ok) return answer;
    const gpus = answer.value.gpus.map((gpu, index) => joinAmd(known[index], gpu));
    return ok({ ...answer.value, gpus });
  };
  return {
    async discover() {
      const facts = await ask(
        source,
        { tool: "amd-smi", args: ["static", "--json"], mend: "amd-smi" },
        parseAmdSmi,
      );
      known = facts.ok ? facts.value.gpus : [];
      isOld = !facts.ok && facts.problem.reason === "tool-missing";
      return facts.ok || isOld ? read() : facts;
    },
    read,
  };
}

async function ask(
  source: HardwareSource,
  { tool, args, mend }: { tool: LookingTool; args: readonly string[]; mend: string },
  parse: (text: string) => GpuAnswer | null,
): Promise<Result<GpuAnswer, Absence>> {
  const what = "hw.gpu.utilization";
  const answer = await source.runTool({ tool, args, timeoutMs });
  if (!answer.ok) return fail(absentByTool(what, answer.problem, mend));
  const { stdout, stderr, exitCode } = answer.value;
  const parsed = parse(stdout);
  // A tool that ends with an error tells of the GPUs that still answer all the same.
  if (parsed !== null && (exitCode === 0 || parsed.gpus.length > 0)) return ok(parsed);
  const said = (stdout.trim() || stderr.trim()).split("\n")[0]?.slice(0, 100) ?? "";
  const detail = `${tool} ${args[0] ?? ""} ended with ${exitCode}: ${said}`;
  return fail(absent({ what, reason: exitCode === 0 ? "unreadable-text" : "tool-failed", detail }));
}

const rocmArgs = [
  "--showproductname",
  "--showuniqueid",
  "--showserial",
  "--showbus",
  "--showvbios",
  "--showdriverversion",
  "--showpower",
  "--showmaxpower",
  "--showtemp",
  "--showfan",
  "--showuse",
  "--showmeminfo",
  "vram",
  "--showreplaycount",
  "--json",
] as const;

/** A GPU that fell off the bus makes nvidia-smi hang for long. */
const timeoutMs = 15_000;
