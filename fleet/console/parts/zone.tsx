import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { knownZone } from "../words/time-words.ts";

interface Zone {
  /** IANA name of the zone in which the page's times are told. */
  readonly zone: string;
  /** The site whose zone it is; null: the browser's own. */
  readonly site: string | null;
}

type SetSite = (site: string | null, zone: string | null) => void;

const browserZone: Zone = { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, site: null };
const ZoneContext = createContext<{ readonly zone: Zone; readonly setSite: SetSite }>({
  zone: browserZone,
  setSite: () => {},
});

/** Times are told in the zone of the site that the page is about, else in the browser's. */
export function ZoneProvider({ children }: { readonly children: ReactNode }) {
  const [zone, setZone] = useState(browserZone);
  const setSite = useCallback<SetSite>((site, name) => {
    const known = knownZone(name);
    setZone(site === null || known === null ? browserZone : { zone: known, site });
  }, []);
  const setting = useMemo(() => ({ zone, setSite }), [zone, setSite]);
  return <ZoneContext value={setting}>{children}</ZoneContext>;
}

export function useZone(): Zone {
  return useContext(ZoneContext).zone;
}

/** Says which site the page is about, for as long as it is open. */
export function useSiteZone(site: string | null, zone: string | null): void {
  const { setSite } = useContext(ZoneContext);
  useEffect(() => {
    setSite(site, zone);
    return () => setSite(null, null);
  }, [setSite, site, zone]);
}
