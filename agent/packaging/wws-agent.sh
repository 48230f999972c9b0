#!/bin/sh
# The agent's program for people. Who enrols as root does it as the user whose the data folder is,
# so that the service can read the key that comes of it.
data=/var/lib/wws-agent
launch=/usr/lib/wws-agent/launch
if [ "${1:-}" = enroll ] && [ "$(id -u)" = 0 ] && [ -d "$data" ]; then
  case " $* " in
    *" --data"*) ;;
    *)
      owner=$(stat -c %U "$data")
      [ "$owner" = root ] ||
        exec setpriv --reuid="$owner" --regid="$(stat -c %G "$data")" --init-groups "$launch" "$@"
      ;;
  esac
fi
exec "$launch" "$@"
