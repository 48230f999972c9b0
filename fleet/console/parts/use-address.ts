import { useCallback } from "react";
import { type NavigateOptions, useLocation, useNavigate, useSearchParams } from "react-router";

/** Makes one query of another; what it is given is its own copy. */
export type AddressChange = (now: URLSearchParams) => URLSearchParams;

/**
 * The query of the page's address, and a way to change it. A change begins from what the address is,
 * not from what was last drawn: drawing follows later, and the second of two quick changes would
 * take the first one back.
 */
export function useAddress(): readonly [
  URLSearchParams,
  (change: AddressChange, options?: NavigateOptions) => void,
] {
  const [drawn] = useSearchParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const change = useCallback(
    (next: AddressChange, options: NavigateOptions = { replace: true }): void => {
      const search = next(latestAddress()).toString();
      void navigate(search === "" ? pathname : `${pathname}?${search}`, options);
    },
    [navigate, pathname],
  );
  return [drawn, change];
}

/** What stands in the address now, drawn or not. */
export function latestAddress(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}

/** The query with this in it, and without it where it is empty; everything else kept. */
export function withParameter(
  address: URLSearchParams,
  name: string,
  value: string,
): URLSearchParams {
  const next = new URLSearchParams(address);
  if (value === "") next.delete(name);
  else next.set(name, value);
  return next;
}
