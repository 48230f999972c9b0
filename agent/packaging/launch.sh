#!/bin/sh
# As agent/program/node-flags.ts says.
export MALLOC_ARENA_MAX=1 UV_THREADPOOL_SIZE=1
exec /usr/lib/wws-agent/node @NODE_FLAGS@ /usr/lib/wws-agent/agent.cjs "$@"
