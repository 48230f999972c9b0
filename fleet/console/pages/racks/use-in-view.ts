import { type RefObject, useEffect, useRef, useState } from "react";

/** True once the element has come near the window, and from then on. */
export function useInView<Element extends HTMLElement>(): {
  readonly ref: RefObject<Element | null>;
  readonly isInView: boolean;
} {
  const ref = useRef<Element>(null);
  const [isInView, setIsInView] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null || isInView) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setIsInView(true);
      },
      { rootMargin: "300px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [isInView]);
  return { ref, isInView };
}
