import { anyOf, type Form, inOrder, oneOf, shape, word } from "./argument-forms.ts";

const columns = "[a-z0-9_.]{1,60}(?:,[a-z0-9_.]{1,60}){0,99}";
const gpu =
  /^(?:\d{1,3}|[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9]|GPU-[0-9a-f-]{36}|all)$/;

/** Never -f (a file), -l and dmon (loops), -pm, -pl, -r and the other verbs that set. */
const nvidia: Form = oneOf(
  inOrder(
    word("nvlink"),
    anyOf(word("-s", "--status", "-e", "--errorcounters", "-c"), device("-i")),
  ),
  inOrder(word("topo"), word("-m", "--matrix")),
  anyOf(
    word("-q", "--query", "-x", "--xml-format", "-L", "--list-gpus", "--version", "-u", "--unit"),
    device("-i"),
    shape(/^--id=(?:\d{1,3}|GPU-[0-9a-f-]{36})$/),
    inOrder(word("-d", "--display"), shape(/^[A-Z_]{1,30}(?:,[A-Z_]{1,30}){0,20}$/)),
    shape(new RegExp(`^--query-(?:gpu|remapped-rows|retired-pages)=${columns}$`)),
    shape(/^--format=csv(?:,noheader)?(?:,nounits)?$/),
  ),
);

/** Every option of rocm-smi that begins with --show reads. */
const rocm: Form = anyOf(
  shape(/^--show[a-z]{1,30}$/),
  word("--json", "--csv", "-a", "--version", "-i"),
  inOrder(word("-d", "--device"), shape(/^\d{1,3}$/)),
);

/** Closed, for beside these stand --file, --watch and the like. */
const amd: Form = oneOf(
  word("version"),
  inOrder(
    word("static", "metric", "list", "version", "firmware", "bad-pages", "topology", "xgmi"),
    anyOf(
      word("--json", "--csv", "--asic", "--bus", "--vbios", "--board", "--driver", "--ras"),
      word("--limit", "--vram", "--numa", "--usage", "--power", "--clock", "--temperature"),
      word("--ecc", "--ecc-blocks", "--pcie", "--fan", "--voltage", "--energy", "--throttle"),
      word("--mem-usage", "--xgmi-err", "--violation", "--metric", "--link-status"),
      device("-g"),
      device("--gpu"),
    ),
  ),
);

export const graphicsForms = {
  "nvidia-smi": nvidia,
  "rocm-smi": rocm,
  "amd-smi": amd,
} satisfies Readonly<Record<string, Form>>;

function device(flag: string): Form {
  return inOrder(word(flag), shape(gpu));
}
