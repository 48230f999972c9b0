import type { IpmiAnswer, IpmiAsk, IpmiCommand } from "./ipmi/ipmi-session.ts";

/** One command and what came back; data in hexadecimal. */
export interface IpmiExchange {
  readonly netFn: number;
  readonly lun: number;
  readonly command: number;
  readonly data: string;
  readonly code: number;
  readonly answer: string;
}

export const exchangesMax = 20_000;

/** Passes commands on and writes down what came back. */
export class RecordingAsk implements IpmiAsk {
  readonly exchanges: IpmiExchange[] = [];
  readonly #ask: IpmiAsk;

  constructor(ask: IpmiAsk) {
    this.#ask = ask;
  }

  async ask(command: IpmiCommand): Promise<IpmiAnswer> {
    const answer = await this.#ask.ask(command);
    if (this.exchanges.length < exchangesMax)
      this.exchanges.push({
        netFn: command.netFn,
        lun: command.lun ?? 0,
        command: command.command,
        data: Buffer.from(command.data ?? []).toString("hex"),
        code: answer.code,
        answer: answer.data.toString("hex"),
      });
    return answer;
  }
}

/** Answers from a recording: the same command gets its answers in their order, the last for ever. */
export class ReplayAsk implements IpmiAsk {
  readonly #answers = new Map<string, IpmiAnswer[]>();
  #notRecorded = 0;

  constructor(exchanges: readonly IpmiExchange[]) {
    for (const exchange of exchanges) {
      const key = keyOf(exchange.netFn, exchange.lun, exchange.command, exchange.data);
      const list = this.#answers.get(key) ?? [];
      list.push({ code: exchange.code, data: Buffer.from(exchange.answer, "hex") });
      this.#answers.set(key, list);
    }
  }

  /** Commands that a later release asks, and the one that recorded did not. */
  notRecorded(): number {
    return this.#notRecorded;
  }

  ask(command: IpmiCommand): Promise<IpmiAnswer> {
    const data = Buffer.from(command.data ?? []).toString("hex");
    const list = this.#answers.get(keyOf(command.netFn, command.lun ?? 0, command.command, data));
    const answer = list !== undefined && list.length > 1 ? list.shift() : list?.[0];
    if (answer !== undefined) return Promise.resolve(answer);
    this.#notRecorded += 1;
    // As a controller says it that does not know the command.
    return Promise.resolve({ code: 0xc1, data: Buffer.alloc(0) });
  }
}

function keyOf(netFn: number, lun: number, command: number, data: string): string {
  return `${netFn}/${lun}/${command}/${data}`;
}
