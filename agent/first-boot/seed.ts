/**
 * What a new system learns at its first start, as cloud-init's NoCloud lays it out: the files
 * `meta-data`, `user-data` and `network-config` of a volume called `cidata`. They are written as
 * JSON, which is YAML too, so that images with cloud-init in them read the same ones.
 */
export interface Seed {
  /** Of this installation: another one makes the system apply a seed again. */
  readonly instanceId: string;
  readonly hostName: string;
  /** Lines of authorized_keys. */
  readonly sshKeys: readonly string[];
  readonly join: SeedJoin | null;
  /** null: the seed says nothing of the network; every card asks by DHCP. */
  readonly network: NetworkPlan | null;
}

/** Where the agent enrols: key `wws` of the user-data, which cloud-init leaves alone. */
export interface SeedJoin {
  /** `HOST:PORT`. */
  readonly manager: string;
  /** For one use. */
  readonly token: string;
  /** Digest of the image that was written; the agent tells it. */
  readonly imageDigest: string | null;
}

/** Version 2 of cloud-init's network-config, in part: what a server in a rack is given. */
export interface NetworkPlan {
  readonly cards: readonly NetworkCardPlan[];
  readonly bonds: readonly BondPlan[];
  readonly vlans: readonly VlanPlan[];
}

export interface LinkPlan {
  readonly name: string;
  readonly dhcp: boolean;
  /** `10.0.2.15/24`. */
  readonly addresses: readonly string[];
  readonly routes: readonly { readonly to: string; readonly via: string }[];
  readonly nameServers: readonly string[];
  readonly mtu: number | null;
}

export interface NetworkCardPlan extends LinkPlan {
  /** Lower case with colons; null: the card is found by its name. */
  readonly mac: string | null;
}

export interface BondPlan extends LinkPlan {
  readonly members: readonly string[];
  readonly mode: string;
}

export interface VlanPlan extends LinkPlan {
  readonly id: number;
  readonly over: string;
}

export interface SeedFiles {
  readonly metaData: string;
  readonly userData: string;
  readonly networkConfig: string | null;
}
