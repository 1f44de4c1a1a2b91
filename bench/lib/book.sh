# Sourced by run.sh: a contact book of the bench's own, started through the product's run.sh with its private PostgreSQL.

# What the bench needs installed: wrk from Debian; curl and awk are everywhere.
require_tools() {
  if ! command -v wrk > /dev/null; then
    if [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null; then
      say 'Installing wrk (apt-get install wrk) …'
      { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends wrk; } < /dev/null > "$work/apt.log" 2>&1 \
        || { cat "$work/apt.log" >&2; fail 'wrk could not be installed.'; }
    else
      fail 'wrk, the load generator, is not installed: sudo apt-get install wrk'
    fi
  fi
  command -v curl > /dev/null || fail 'curl is not installed: sudo apt-get install curl'
  has_postgres || install_postgres || fail 'PostgreSQL is not installed: sudo apt-get install postgresql'
}

# A port that nobody listens on.
free_port() {
  local candidate
  for candidate in $(shuf -i 20000-29999 -n 20); do
    (: < "/dev/tcp/127.0.0.1/$candidate") 2> /dev/null || { echo "$candidate"; return; }
  done
  fail 'No free port was found.'
}

# Milliseconds since the machine's epoch, without a process.
now_ms() {
  local now=${EPOCHREALTIME//[.,]/}
  echo $((now / 1000))
}

start_server() {
  local began waited
  began=$(now_ms)
  env Logging__LogLevel__Default=Warning "${allocation_settings[@]}" "$root/run.sh" --data "$data" --urls "$url" --token "$token" \
    > "$work/server.out" 2>> "$work/server.err" &
  server=$!
  until curl -fs -o /dev/null "$url/health/ready"; do
    kill -0 "$server" 2> /dev/null || { cat "$work/server.err" >&2; fail 'The server ended at its start.'; }
    waited=$(($(now_ms) - began))
    ((waited < 120000)) || fail 'The server was not ready after two minutes.'
    sleep 0.02
  done
  start_ms=$(($(now_ms) - began))
  socket=$(sed -n 's/.*Host=\([^;"]*\);.*/\1/p' "$data/connection.json")
  [[ -n $socket ]] || fail "$data/connection.json names no host."
  postmaster=$(head -n 1 "$data/postgres/postmaster.pid")
}

stop_server() {
  [[ -n ${server:-} ]] || return 0
  kill -TERM "$server" 2> /dev/null || true
  wait "$server" 2> /dev/null || true
  server=
}

# The client programs of the version that made the data.
find_postgres_programs() {
  local version
  version=$(< "$data/postgres/PG_VERSION")
  for programs in "/usr/lib/postgresql/$version/bin" "/usr/pgsql-$version/bin" "$(dirname "$(command -v pgbench || echo /)")"; do
    [[ -x $programs/pgbench && -x $programs/psql ]] && return
  done
  fail "pgbench of PostgreSQL $version is not installed."
}

sql() { "$programs/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$socket" -U contacts -d contacts "$@"; }

# POSTs a body and prints the answer; any status but the one wanted ends the bench.
post() {
  local path=$1 body=$2 wanted=$3 status
  status=$(curl -s -o "$work/answer" -w '%{http_code}' -H "Authorization: Token $token" -H 'Content-Type: application/json' -d "$body" "$url$path")
  [[ $status == "$wanted" ]] || fail "POST $path answered $status: $(< "$work/answer")"
  cat "$work/answer"
}

# How long a server is left alone before its idle memory is read: it gives memory back in rounds of five seconds.
idle_seconds=20

# An empty book in a new folder, with fields and groups, on a PostgreSQL that takes as many connections as pgbench wants.
open_book() {
  data=$(mktemp -d "$parent/contacts-bench.XXXXXX")
  url=http://127.0.0.1:$(free_port)
  start_server
  find_postgres_programs
  sleep "$idle_seconds"
  first_idle_rss=$(rss_of "$server" VmRSS)
  sql -c "ALTER SYSTEM SET max_connections = $((largest_connections + 60))"
  stop_server
  start_server
  check_durability
  sleep "$idle_seconds"
  idle_rss=$(rss_of "$server" VmRSS)
  workspace=$(sql -c "SELECT id FROM workspaces WHERE name = 'default'")
  local n
  for n in {1..20}; do
    post /api/v2/fields.json "{\"label\":\"Field $n\",\"value_type\":\"$(case $n in 2) echo numeric ;; 3) echo datetime ;; *) echo text ;; esac)\"}" 201 > /dev/null
  done
  for n in Everyone 'Group '{1..9} Empty; do
    post /api/v2/groups.json "{\"name\":\"$n\"}" 201 > /dev/null
  done
  fields=$(sql -c "SELECT array_agg(id ORDER BY substr(key, 7)::integer) FROM fields")
  groups=$(sql -c "SELECT array_agg(id ORDER BY id) FROM groups")
  first_field=$(sql -c "SELECT id FROM fields WHERE key = 'field_1'")
}

close_book() {
  stop_server
  [[ -z ${data:-} ]] || rm -rf "$data"
  data=
}

check_durability() {
  local name value
  durability=
  for name in fsync synchronous_commit full_page_writes; do
    value=$(sql -c "SHOW $name")
    [[ $value == on ]] || fail "PostgreSQL runs with $name = $value: nothing measured here would count."
    durability+="$name = $value, "
  done
  durability+="wal_sync_method = $(sql -c 'SHOW wal_sync_method'), shared_buffers = $(sql -c 'SHOW shared_buffers'), max_connections = $(sql -c 'SHOW max_connections')"
}

seed_book() {
  say "Seeding $contacts contacts …"
  sql -v "workspace=$workspace" -v "contacts=$contacts" -v "fields=$fields" -v "groups=$groups" -f "$bench/lib/seed.sql" > /dev/null
}
