import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { DatagramChannel } from "./datagram-channel.ts";
import { IpmiError } from "./ipmi-error.ts";
import { decodePacket, type Packet } from "./rmcp-packet.ts";

export interface CallEffects {
  readonly channel: DatagramChannel;
  readonly clock: Clock;
  readonly random: Random;
}

export interface CallLimits {
  /** Before the first repeat; it grows by half with each. */
  readonly timeoutMs: number;
  readonly tries: number;
}

/**
 * Sends packets and waits for what answers them, one call at a time. A packet that answers nothing
 * is dropped: it may be late, repeated, or a stranger's.
 */
export class Caller {
  readonly #effects: CallEffects;
  #waiting: { take: (packet: Packet) => void; fail: (error: Error) => void } | null = null;

  constructor(effects: CallEffects) {
    this.#effects = effects;
    effects.channel.onPacket((bytes) => {
      const packet = decodePacket(bytes);
      if (packet !== null) this.#waiting?.take(packet);
    });
    effects.channel.onFailure((error) => this.#waiting?.fail(error));
  }

  /**
   * `make` gives the packet of each try, `match` what a packet answers, null where it is another's.
   * Throws IpmiError `unreachable` after the last try, `closed` when the signal is aborted.
   */
  call<Answer>(
    make: () => Buffer,
    match: (packet: Packet) => Answer | null,
    limits: CallLimits,
    signal?: AbortSignal,
  ): Promise<Answer> {
    if (this.#waiting !== null)
      return Promise.reject(new IpmiError("protocol", "two calls at a time to one controller"));
    const { channel, clock, random } = this.#effects;
    return new Promise((resolve, reject) => {
      let tries = 0;
      let cancel: CancelTimer = () => {};
      const end = (): void => {
        cancel();
        signal?.removeEventListener("abort", abort);
        this.#waiting = null;
      };
      const abort = (): void => {
        end();
        reject(new IpmiError("closed", "interrupted", { cause: signal?.reason }));
      };
      const send = (): void => {
        if (tries >= limits.tries) {
          end();
          const text = `no answer to ${tries} ${tries === 1 ? "packet" : "packets"}`;
          reject(new IpmiError("unreachable", text));
          return;
        }
        // A jitter of a fifth: many probes of one rack do not repeat in step.
        const waitMs = limits.timeoutMs * 1.5 ** tries * (0.9 + random.next() * 0.2);
        tries += 1;
        channel.send(make());
        cancel = clock.after(waitMs, send);
      };
      this.#waiting = {
        take: (packet) => {
          const answer = match(packet);
          if (answer === null) return;
          end();
          resolve(answer);
        },
        fail: (error) => {
          end();
          reject(new IpmiError("unreachable", error.message, { cause: error }));
        },
      };
      if (signal?.aborted === true) return abort();
      signal?.addEventListener("abort", abort, { once: true });
      send();
    });
  }
}
