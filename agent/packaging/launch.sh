#!/bin/sh
# As agent/program/node-flags.ts says.
export MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=32768 MALLOC_TRIM_THRESHOLD_=65536 MALLOC_TOP_PAD_=0
export UV_THREADPOOL_SIZE=1
exec /usr/lib/wws-agent/node @NODE_FLAGS@ /usr/lib/wws-agent/agent.cjs "$@"
