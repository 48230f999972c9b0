#!/bin/sh
exec /usr/lib/wws-agent/node --jitless /usr/lib/wws-agent/hands.mjs "$@"
