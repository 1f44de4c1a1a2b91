# Sourced by run.sh: how much the server allocates, as .NET's own counter "alloc-rate" tells once a second. The runtime writes its counters
# to a file when the environment asks for it (4 kB a second), so nothing in the server knows of the bench.

counters_file=$work/counters.nettrace

# What the server's environment gets; not exported, since every other .NET program would write to the same file.
allocation_settings=(DOTNET_EnableEventPipe=1 DOTNET_EventPipeConfig=System.Runtime:0:4:EventCounterIntervalSec=1
  "DOTNET_EventPipeOutputPath=$counters_file" DOTNET_EventPipeOutputStreaming=1)

mark_allocations() { allocations_mark=$(stat -c %s "$counters_file"); }

# Bytes since the mark. The last second's count is waited for; the first may hold up to a second of an idle server.
allocations_since_mark() {
  sleep 1.6
  tail -c "+$((allocations_mark + 1))" "$counters_file" | od -An -v -tx1 | tr -d ' \n' | awk -f "$bench/lib/allocations.awk"
}
