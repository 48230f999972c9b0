import type {
  FilesystemSizes,
  HardwareSource,
  ReadProblem,
  SystemInformationCall,
  ToolAnswer,
  ToolProblem,
} from "#agent/hardware/hardware-source.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** A machine made of texts. Folders are those that the paths of files and links imply. */
export interface MemorySource extends HardwareSource {
  put(path: string, text: string): void;
  putBytes(path: string, bytes: Uint8Array): void;
  putLink(path: string, target: string): void;
  /** The next reads of this path answer with an errno. */
  putProblem(path: string, kind: ReadProblem["kind"], errno: string): void;
  putTool(argv: readonly string[], answer: Partial<ToolAnswer> | ToolProblem): void;
  putFilesystem(path: string, sizes: FilesystemSizes): void;
  putInformation(call: SystemInformationCall, answer: unknown): void;
  remove(path: string): void;
  /** Every tool and systeminformation call that was made, in order. */
  readonly calls: readonly string[];
}

export function createMemorySource(files: Readonly<Record<string, string>> = {}): MemorySource {
  const contents = new Map<string, Uint8Array>();
  const links = new Map<string, string>();
  const problems = new Map<string, ReadProblem>();
  const tools = new Map<string, Result<ToolAnswer, ToolProblem>>();
  const filesystems = new Map<string, FilesystemSizes>();
  const information = new Map<string, unknown>();
  const calls: string[] = [];
  const missing = (path: string): ReadProblem => ({ kind: "missing", path, errno: "ENOENT" });
  const bytesOf = (path: string): Result<Uint8Array, ReadProblem> => {
    const problem = problems.get(path);
    if (problem !== undefined) return fail(problem);
    const found = contents.get(path);
    return found === undefined ? fail(missing(path)) : ok(found);
  };
  const source: MemorySource = {
    calls,
    put: (path, text) => {
      contents.set(path, new TextEncoder().encode(text));
    },
    putBytes: (path, bytes) => {
      contents.set(path, bytes);
    },
    putLink: (path, target) => {
      links.set(path, target);
    },
    putProblem: (path, kind, errno) => {
      problems.set(path, { kind, path, errno });
    },
    putTool: (argv, answer) => {
      const isProblem = "kind" in answer;
      const full = { exitCode: 0, stdout: "", stderr: "" };
      tools.set(argv.join(" "), isProblem ? fail(answer) : ok({ ...full, ...answer }));
    },
    putFilesystem: (path, sizes) => {
      filesystems.set(path, sizes);
    },
    putInformation: (call, answer) => {
      information.set(call, answer);
    },
    remove: (path) => {
      contents.delete(path);
      links.delete(path);
    },
    readText(path) {
      const read = bytesOf(path);
      return read.ok ? ok(new TextDecoder().decode(read.value)) : read;
    },
    listDirectory(path) {
      const names = new Set<string>();
      for (const known of [...contents.keys(), ...links.keys(), ...problems.keys()])
        if (known.startsWith(`${path}/`))
          names.add(known.slice(path.length + 1).split("/")[0] ?? "");
      return names.size === 0 ? fail(missing(path)) : ok([...names]);
    },
    readLink(path) {
      const target = links.get(path);
      return target === undefined ? fail(missing(path)) : ok(target);
    },
    openCounterFile(path) {
      const read = bytesOf(path);
      if (!read.ok) return read;
      return ok({ path, read: () => bytesOf(path), close: () => {} });
    },
    readFilesystem(path) {
      const sizes = filesystems.get(path);
      return sizes === undefined ? fail(missing(path)) : ok(sizes);
    },
    async runTool({ tool, args }) {
      const line = [tool, ...args].join(" ");
      calls.push(line);
      return tools.get(line) ?? fail({ kind: "missing", tool, detail: `${tool} is not there` });
    },
    async askSystemInformation(call) {
      calls.push(call);
      if (information.has(call)) return ok(information.get(call));
      return fail({ kind: "missing", tool: `systeminformation.${call}`, detail: "not there" });
    },
  };
  for (const [path, text] of Object.entries(files)) source.put(path, text);
  return source;
}
