# Sourced by run.sh: what the system says about the server's and PostgreSQL's processes.

ticks_per_second=$(getconf CLK_TCK)

# The private PostgreSQL's processes, its first one first.
postgres_pids() { echo "$postmaster $(< "/proc/$postmaster/task/$postmaster/children")"; }

# CPU of the server in ticks, all threads, user and system.
server_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$server/stat"; }

# CPU of PostgreSQL in ticks: every process that runs, and those that ended and were collected, which the first process counts.
postgres_ticks() {
  local pid files=()
  for pid in $(postgres_pids); do files+=("/proc/$pid/stat"); done
  cat "${files[@]}" 2> /dev/null | awk '{ sub(/.*\) /, ""); sum += $12 + $13; if (NR == 1) sum += $14 + $15 } END { print sum }'
}

# CPU that the whole machine used, in ticks: everything but idle and waiting for disks.
machine_ticks() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 + $9; exit }' /proc/stat; }

# A process's memory in kB: VmRSS, or VmHWM for its peak since reset_peak.
rss_of() { awk -v key="$2:" '$1 == key { print $2 }' "/proc/$1/status"; }

# Restarts the count of the server's peak; without the right to, the peak is the process's.
reset_peak() { echo 5 2> /dev/null > "/proc/$server/clear_refs" || true; }

# PostgreSQL's memory in kB: what each process has for itself, and the shared memory once.
postgres_memory() {
  local pid files=()
  for pid in $(postgres_pids); do files+=("/proc/$pid/status"); done
  cat "${files[@]}" 2> /dev/null | awk '$1 == "RssAnon:" { own += $2 } $1 == "RssShmem:" && $2 > shared { shared = $2 } END { print own + shared }'
}

machine_line() {
  local model memory
  model=$(awk -F ': *' '/^model name/ { print $2; exit }' /proc/cpuinfo)
  memory=$(awk '/^MemTotal:/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
  echo "$(nproc) × ${model:-$(uname -m)}, $memory GB, Linux $(uname -r), data on $(stat -f -c %T "$parent"), $("$programs/postgres" --version), .NET $(dotnet --version), $(wrk -v 2>&1 | awk 'NR == 1 { print $1, $2 }')"
}
