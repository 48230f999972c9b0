import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import { isStillMeant, type KeyCommand, type KeyMemory, readKey } from "./key-commands.ts";

type Handlers = { readonly [Command in KeyCommand]?: () => void };

interface Keys {
  add(handlers: () => Handlers): () => void;
}

const KeysContext = createContext<Keys>({ add: () => () => {} });

interface HeldCommand {
  readonly command: KeyCommand;
  readonly timeMs: number;
}

/**
 * Listens for the keys of the whole page. The part that came last answers first. What is pressed
 * while there is no page yet, because the manager is still asked who is there, is done when it comes.
 */
export function KeysProvider({ children }: { readonly children: ReactNode }) {
  const stack = useRef<(() => Handlers)[]>([]);
  const held = useRef<HeldCommand | null>(null);
  const keys = useMemo(
    (): Keys => ({
      add(handlers) {
        stack.current.push(handlers);
        const waiting = held.current;
        const handle = waiting === null ? undefined : handlers()[waiting.command];
        if (waiting !== null && handle !== undefined) {
          held.current = null;
          if (isStillMeant(waiting.timeMs, performance.now())) handle();
        }
        return () => {
          stack.current = stack.current.filter((one) => one !== handlers);
        };
      },
    }),
    [],
  );

  useEffect(() => {
    let memory: KeyMemory | null = null;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isModifier(event.key)) return;
      const read = readKey(memory, {
        key: event.key,
        ctrl: event.ctrlKey || event.metaKey,
        other: event.altKey,
        isTyping: isField(event.target),
        timeMs: event.timeStamp,
      });
      memory = read.memory;
      if (read.command === null || isDialogOpen(read.command)) return;
      held.current =
        stack.current.length === 0 ? { command: read.command, timeMs: event.timeStamp } : null;
      for (const handlers of stack.current.toReversed()) {
        const handle = handlers()[read.command];
        if (handle === undefined) continue;
        event.preventDefault();
        handle();
        return;
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return <KeysContext value={keys}>{children}</KeysContext>;
}

/** Answers commands for as long as the component is there. */
export function useKeyCommands(handlers: Handlers): void {
  const { add } = useContext(KeysContext);
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => add(() => latest.current), [add]);
}

/** Behind an open dialog nothing moves. */
function isDialogOpen(command: KeyCommand): boolean {
  return command !== "palette" && document.querySelector("dialog[open]") !== null;
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta";
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button"].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.isContentEditable
  );
}
