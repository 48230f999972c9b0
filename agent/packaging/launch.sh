#!/bin/sh
exec /usr/lib/wws-agent/node @NODE_FLAGS@ /usr/lib/wws-agent/agent.cjs "$@"
