import type { LinkTransport } from "#agent/link/transport.ts";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { Command, CommandOutcome } from "#proto/messages/frames.ts";
import type { HostOrder } from "#proto/messages/orders.ts";

/** Orders as they come to one host, and what its agent says to them. */
export interface OrderTap {
  readonly transport: LinkTransport;
  /** The command that brought it last; undefined: none did. */
  command(commandId: string): TappedCommand | undefined;
  /** The newest that ordered this. */
  ordered(order: Pick<HostOrder, "operationId" | "epoch">, kind: string): TappedCommand | undefined;
}

export interface TappedCommand {
  readonly command: Command;
  readonly order: HostOrder;
}

export function tapOrders(
  transport: LinkTransport,
  on: {
    readonly arrived: (tapped: TappedCommand) => void;
    readonly answered: (tapped: TappedCommand, outcome: CommandOutcome) => void;
    /** Kinds of frames, for the trace. */
    readonly frame: (kind: string) => void;
  },
): OrderTap {
  const commands = new Map<string, TappedCommand>();
  return {
    command: (id) => commands.get(id),
    ordered: ({ operationId, epoch }, kind) =>
      [...commands.values()].findLast(
        ({ order }) =>
          order.operationId === operationId && order.epoch === epoch && order.action.kind === kind,
      ),
    transport: {
      connect(target, handlers) {
        const connection = transport.connect(target, {
          ...handlers,
          onMessage(bytes) {
            const frame = decodeManagerFrame(bytes);
            if (frame.ok) {
              on.frame(`to agent ${frame.value.kind}`);
              if (frame.value.kind === "command") {
                const { command } = frame.value;
                if (command.action.kind === "order") {
                  const tapped = { command, order: command.action.order };
                  // The newest comes last.
                  commands.delete(command.id);
                  commands.set(command.id, tapped);
                  on.arrived(tapped);
                }
              }
            }
            handlers.onMessage(bytes);
          },
        });
        return {
          bufferedBytes: () => connection.bufferedBytes(),
          close: (code, detail) => connection.close(code, detail),
          send(bytes) {
            const frame = isReport(bytes) ? null : decodeAgentFrame(bytes);
            on.frame(`to manager ${frame?.ok === true ? frame.value.kind : "report"}`);
            if (frame?.ok === true && frame.value.kind === "outcome") {
              const { outcome } = frame.value;
              const tapped = commands.get(outcome.commandId);
              if (tapped !== undefined) on.answered(tapped, outcome);
            }
            connection.send(bytes);
          },
        };
      },
    },
  };
}

/** Reports are large, and tell nothing of orders. */
function isReport(bytes: Uint8Array): boolean {
  return bytes.byteLength > 4_096;
}
