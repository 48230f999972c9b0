/**
 * Who is at the other end of a connection that systemd accepted: it asks the kernel (SO_PEERCRED) and
 * names the instance `COUNT-PID-UID` (systemd.socket(5), Accept=; newer ones `COUNT-PID_ID-UID`). Node
 * cannot ask. null: it could not be told, as of one from outside this container.
 */
export function peerUidOf(unitName: string): number | null {
  const uid = /^[^@]+@[0-9]+-[0-9]+(?:_[0-9]+)?-([0-9]{1,10})\.service$/.exec(unitName)?.[1];
  return uid === undefined ? null : Number(uid);
}
