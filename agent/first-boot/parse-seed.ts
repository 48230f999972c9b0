import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { parseNetwork } from "./parse-network.ts";
import { asFields, asText, asTexts, type Fields, parseFields } from "./plain-value.ts";
import type { NetworkPlan, Seed, SeedFiles, SeedJoin } from "./seed.ts";

const keysMax = 64;
const idForm = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const hostNameForm =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*$/i;
const sshKeyForm =
  /^(?:ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/=]{16,8192}(?: [\x20-\x7e]{0,200})?$/;
const managerForm = /^(?:\[[0-9a-f:]+\]|[A-Za-z0-9.-]{1,253}):[0-9]{1,5}$/;

/** The three files as one value. Whatever in them is not of its form makes the seed one that is not taken. */
export function parseSeed(files: SeedFiles): Result<Seed, string> {
  const meta = parseFields("meta-data", files.metaData);
  if (!meta.ok) return meta;
  const user = parseFields("user-data", files.userData);
  if (!user.ok) return user;
  const instanceId = asText(meta.value["instance-id"], idForm);
  const hostName = asText(meta.value["local-hostname"], hostNameForm);
  if (instanceId === null) return fail("meta-data has no instance-id");
  if (hostName === null) return fail("meta-data has no local-hostname");
  const sshKeys = asTexts(user.value["ssh_authorized_keys"], sshKeyForm, keysMax);
  if (sshKeys === null) return fail("user-data has an SSH key that is none");
  const join = readJoin(user.value);
  if (!join.ok) return join;
  const network = readNetwork(files.networkConfig);
  if (!network.ok) return network;
  return ok({ instanceId, hostName, sshKeys, join: join.value, network: network.value });
}

function readJoin(user: Fields): Result<SeedJoin | null, string> {
  if (user["wws"] === undefined) return ok(null);
  const fields = asFields(user["wws"]);
  const manager = asText(fields?.["manager"], managerForm);
  const token = asText(fields?.["token"], /^wws1\.[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/);
  const digest = fields?.["image_digest"] ?? null;
  const imageDigest = digest === null ? null : asText(digest, /^[0-9a-f]{64}$/);
  if (manager === null) return fail("user-data names no manager as HOST:PORT");
  if (token === null) return fail("user-data has no join token");
  if (digest !== null && imageDigest === null)
    return fail("user-data has an image digest that is none");
  return ok({ manager, token, imageDigest });
}

function readNetwork(text: string | null): Result<NetworkPlan | null, string> {
  if (text === null || text.trim() === "") return ok(null);
  const fields = parseFields("network-config", text);
  return fields.ok ? parseNetwork(fields.value) : fields;
}
