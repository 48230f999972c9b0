import { useEffect, useRef, useState } from "react";

/**
 * The text of a field whose value lies in the address. The field answers at once, the address follows
 * a moment later; what anybody else puts there (a link, the back button) comes into the field.
 */
export function useAddressText(
  inAddress: string,
  write: (text: string) => void,
): readonly [string, (text: string) => void] {
  const [text, setText] = useState(inAddress);
  /** Written, and not seen in the address yet. */
  const underWay = useRef<string[]>([]);
  useEffect(() => {
    const at = underWay.current.indexOf(inAddress);
    if (at >= 0) underWay.current = underWay.current.slice(at + 1);
    else if (underWay.current.length === 0) setText(inAddress);
  }, [inAddress]);
  const change = (next: string): void => {
    underWay.current.push(next);
    setText(next);
    write(next);
  };
  return [text, change];
}
