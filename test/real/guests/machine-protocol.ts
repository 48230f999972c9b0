import { createConnection } from "node:net";

/** Answer of QEMU to one command of its machine protocol (QMP). */
export interface MachineAnswer {
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
}

const answerMsMax = 10_000;

/**
 * Connects to the guest's machine protocol, says one command and closes. Throws what QEMU refuses.
 * Source: QEMU, docs/interop/qmp-spec.txt; one JSON object a line, after `qmp_capabilities`.
 */
export async function tellMachine(
  socketPath: string,
  execute: string,
  args: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const socket = createConnection(socketPath);
  socket.setTimeout(answerMsMax, () =>
    socket.destroy(new Error(`QEMU gave no answer to ${execute}`)),
  );
  socket.write('{"execute":"qmp_capabilities"}\n');
  socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
  let text = "";
  let answers = 0;
  try {
    for await (const bytes of socket) {
      text += String(bytes);
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const answer = JSON.parse(line) as MachineAnswer & {
          readonly QMP?: unknown;
          readonly event?: string;
        };
        if (answer.QMP !== undefined || answer.event !== undefined) continue;
        answers += 1;
        if (answer.error !== undefined) throw new Error(`${execute}: ${answer.error.desc}`);
        // The first answer is that to the greeting.
        if (answers === 2) return answer.return;
      }
    }
  } finally {
    socket.destroy();
  }
  throw new Error(`QEMU ended before it answered ${execute}`);
}
