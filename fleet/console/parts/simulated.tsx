/** The quiet mark of hosts that do not exist: a hatched field and the word. */
export function Simulated({ isShort = false }: { readonly isShort?: boolean }) {
  return (
    <span className="simulated" title="not a real server: replayed from recordings">
      <span className="hatch" aria-hidden="true" />
      {isShort ? <span className="for-readers">simulated</span> : "simulated"}
    </span>
  );
}
