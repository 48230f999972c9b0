import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { latestAddress } from "./use-address.ts";

/**
 * The text of a field whose value lies in the address under a name, where `write` puts it. The field
 * answers at once, what is drawn from the address follows a moment later; what anybody else puts
 * there (a link, the back button) comes into the field.
 */
export function useAddressText(
  name: string,
  write: (text: string) => void,
): readonly [string, (text: string) => void] {
  const [address] = useSearchParams();
  const drawn = address.get(name) ?? "";
  const [text, setText] = useState(drawn);
  const written = useRef(drawn);
  useEffect(() => {
    // Our own text, on its way to be drawn.
    if ((latestAddress().get(name) ?? "") === written.current) return;
    written.current = drawn;
    setText(drawn);
  }, [drawn, name]);
  const change = (next: string): void => {
    written.current = next;
    setText(next);
    write(next);
  };
  return [text, change];
}
