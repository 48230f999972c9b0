/**
 * Counts peers that have not proven who they are, by network: /24 of IPv4, /64 of IPv6. Nobody
 * who is authenticated counts, so a busy site behind one address keeps its agents.
 */
export interface NetworkCap {
  /** The answer gives the place back, once; null: this network has its share. */
  enter(address: string): (() => void) | null;
}

export function createNetworkCap(perNetworkMax: number): NetworkCap {
  const counts = new Map<string, number>();
  return {
    enter: (address) => {
      const network = networkOf(address);
      const count = counts.get(network) ?? 0;
      if (count >= perNetworkMax) return null;
      counts.set(network, count + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const now = counts.get(network) ?? 1;
        if (now <= 1) counts.delete(network);
        else counts.set(network, now - 1);
      };
    },
  };
}

/** `192.0.2.77` and `::ffff:192.0.2.77` → `192.0.2`; `2001:db8:1:2::77` → `2001:db8:1:2`. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const parts = mapped.split(".");
  if (parts.length === 4) return parts.slice(0, 3).join(".");
  const plain = mapped.split("%")[0] ?? mapped;
  const [head = "", tail = ""] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const groups = plain.includes("::")
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right]
    : left;
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "").toLowerCase())
    .join(":");
}
