import { createWalk } from "./load-walk.ts";
import type { NicShape, ServerShape } from "./server-shape.ts";
import type { TextParts, Texts } from "./texts.ts";

export function networkFacts(shape: ServerShape): { readonly texts: Texts; readonly links: Texts } {
  const texts: Record<string, string> = {};
  const links: Record<string, string> = {};
  for (const [index, nic] of shape.nics.entries()) {
    const folder = `/sys/class/net/${nic.name}`;
    texts[`${folder}/address`] = `${addressOf(shape, index)}\n`;
    // Read with the link down it is -1; the kernel's EINVAL of older drivers is in other recordings.
    texts[`${folder}/speed`] = `${nic.megabits ?? -1}\n`;
    texts[`${folder}/device/vendor`] = `0x${nic.ids[0]}\n`;
    texts[`${folder}/device/device`] = `0x${nic.ids[1]}\n`;
    links[`${folder}/device`] = `../../../0000:${(0x60 + index).toString(16)}:00.0`;
    links[`${folder}/device/driver`] = `../../../../bus/pci/drivers/${nic.driver}`;
  }
  texts["/sys/class/net/lo/mtu"] = "65536\n";
  texts["/sys/class/net/bond0/mtu"] = "9000\n";
  return { texts, links };
}

/** /proc/net/dev: each port at its own rates, a bond over the first two with traffic, and lo. */
export function createNetworkTexts({ shape, random, load }: TextParts): (frame: number) => Texts {
  const ports = shape.nics.map((nic) =>
    createPort({ shape, random: random.fork(nic.name), load }, nic),
  );
  const loopback = { bytes: 8_123_456_789, packets: 12_345_678 };
  return (frame) => {
    for (const port of ports) port.step(frame);
    loopback.bytes += 40_000 + random.below(20_000);
    loopback.packets += 90 + random.below(40);
    const lo = [loopback.bytes, loopback.packets, 0, 0];
    const busy = ports.filter((port) => port.isUp).slice(0, 2);
    const bond = (side: "received" | "sent"): readonly number[] =>
      busy.reduce(
        (sum, port) => sum.map((value, place) => value + (port[side][place] ?? 0)),
        [0, 0, 0, 0],
      );
    const lines = [
      "Inter-|   Receive                                                |  Transmit\n",
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n",
      line("lo", lo, lo),
      ...ports.map(({ name, received, sent }) => line(name, received, sent)),
      line("bond0", bond("received"), bond("sent")),
    ];
    return { "/proc/net/dev": lines.join("") };
  };
}

interface Port {
  readonly name: string;
  readonly isUp: boolean;
  /** Bytes, packets, errors, dropped. */
  readonly received: number[];
  readonly sent: number[];
  step(frame: number): void;
}

function createPort({ shape, random, load }: TextParts, nic: NicShape): Port {
  const walk = createWalk(random, shape.frames, { mean: 0.5, swing: 0.4 });
  const bytesMax = ((nic.megabits ?? 0) * 1e6) / 8;
  const received = [0, 0, 0, 0];
  const sent = [0, 0, 0, 0];
  const move = (side: number[], bytes: number, packetBytes: number): void => {
    side[0] = (side[0] ?? 0) + bytes;
    side[1] = (side[1] ?? 0) + Math.ceil(bytes / packetBytes);
  };
  const days = 41 * 86_400;
  move(received, Math.round(bytesMax * nic.receives * 0.2 * days), 1210);
  move(sent, Math.round(bytesMax * nic.sends * 0.2 * days), 980);
  return {
    name: nic.name,
    isUp: nic.megabits !== null,
    received,
    sent,
    step(frame) {
      const rate = load(frame) * (0.4 + walk(frame));
      move(received, Math.round(bytesMax * nic.receives * rate), 1210);
      move(sent, Math.round(bytesMax * nic.sends * rate), 980);
      // A full queue now and then; the link itself makes no errors.
      if (nic.megabits !== null && random.chance(0.1))
        received[3] = (received[3] ?? 0) + 1 + random.below(4);
    },
  };
}

function line(name: string, received: readonly number[], sent: readonly number[]): string {
  const zeros = "0 0 0 0";
  return `${name.padStart(6)}: ${received.join(" ")} ${zeros} ${sent.join(" ")} ${zeros}\n`;
}

/** Locally administered, so it is nobody's. */
function addressOf(shape: ServerShape, index: number): string {
  const digits = (shape.seed * 65_537 + index).toString(16).padStart(8, "0").slice(-8);
  return `02:e5:${digits.match(/../g)?.join(":") ?? "00:00:00:00"}`;
}
