# Sourced by run.sh: what each slot does. A slot is one kind of request, as wrk sends it and as pgbench does the same on the same tables.

all_slots=(upsert upsert-outbox upsert-deliver upsert-large create look-up list deep-list groups group-full group-empty mix bulk deliver)

# At how many connections a slot runs unless --connections says so.
connections_of() {
  case $1 in
    upsert | look-up | mix) echo 1 8 32 128 ;;
    upsert-*) echo 32 ;;
    create) echo 32 128 ;;
    *) echo 8 ;;
  esac
}

script_of() {
  case $1 in
    upsert*) echo upsert.lua ;;
    create | look-up | mix) echo "$1.lua" ;;
    *) echo get.lua ;;
  esac
}

# pgbench's arguments; -f NAME@WEIGHT mixes.
pgbench_of() {
  case $1 in
    upsert*) echo -f upsert.sql ;;
    group-full | group-empty) echo -f group.sql ;;
    mix) echo -f upsert.sql@70 -f look-up.sql@20 -f create.sql@5 -f list.sql@5 ;;
    *) echo -f "$1.sql" ;;
  esac
}

# How many rows pgbench lists: one beyond the page, as the server does to know whether there is a next one.
size_of() { if [[ $1 == mix ]]; then echo 26; else echo 251; fi; }

group_of() { if [[ $1 == group-empty ]]; then echo empty; else echo everyone; fi; }

# What get.lua asks for.
path_of() {
  case $1 in
    list) echo /api/v2/contacts.json ;;
    deep-list) echo "/api/v2/contacts.json?cursor=$deep_cursor" ;;
    groups) echo /api/v2/groups.json ;;
    group-full) echo '/api/v2/groups.json?name=Everyone' ;;
    group-empty) echo '/api/v2/groups.json?name=Empty' ;;
  esac
}

# The keys of a slot: the last tenth of the book are the large contacts.
set_keys() {
  if [[ $1 == upsert-large ]]; then
    first=$((contacts - contacts / 10)) last=$((contacts - 1))
  else
    first=0 last=$((contacts - contacts / 10 - 1))
  fi
}

# Finds where the deepest page of ordinary contacts begins, at most the 4,000th: the large ones come last and would hide what depth costs. Sets the
# contact before it, and the server's own cursor to that place.
find_deep_page() {
  local deepest=$(((contacts - contacts / 10) / 250)) page answer
  page=$((deepest < 4000 ? deepest : 4000))
  IFS='|' read -r deep_time deep_id <<< "$(sql -c "SELECT modified_on, id FROM contacts WHERE workspace_id = '$workspace' AND deleted_on IS NULL
    ORDER BY modified_on DESC, id DESC LIMIT 1 OFFSET $(((page - 1) * 250 - 1))")"
  answer=$(curl -sfG -H "Authorization: Token $token" --data-urlencode "before=${deep_time/ /T}" -d limit=1 "$url/api/v2/contacts.json")
  deep_cursor=$(sed -n 's/^{"next":"[^"]*[?\]\(u003F\)\{0,1\}cursor=\([^&"\\]*\).*/\2/p' <<< "$answer")
  [[ -n $deep_cursor ]] || fail "No cursor to the deep page was found: ${answer:0:300}"
}

# Every kind of request once, before anything is measured: its status, and that it found what it should.
rehearse() {
  local path
  for path in "contacts.json?urn=tel%3A%2B$((250700000000 + first))" "contacts.json?urn=tel%3A%2B$((250700000000 + last))" "groups.json?name=Everyone" "groups.json?name=Empty"; do
    curl -sf -H "Authorization: Token $token" "$url/api/v2/$path" | grep -q '"uuid"' || fail "GET $path found nothing."
  done
  post "/api/v2/contacts.json?urn=tel%3A%2B$((250700000000 + first))" '{"fields":{"field_1":"rehearsal"}}' 200 > /dev/null
}

# What the runtime learns of the program while it serves, and compiles anew, takes it most of a minute on a busy machine: measured is a server that has served.
warm_up() {
  say "Warming up for $warm seconds …"
  set_keys mix
  rehearse
  run_wrk mix 32 "$warm"
}

# One slot at one number of connections, --runs times. A pgbench run stands before, between and after, so each run has one on either side.
run_slot() {
  local slot=$1 connections=$2 number
  set_keys "$slot"
  rehearse
  [[ $slot != upsert-outbox && $slot != upsert-deliver ]] || subscribe
  [[ $slot != upsert-outbox ]] || leave_to_others
  [[ $slot != deep-list ]] || find_deep_page
  run_wrk "$slot" "$connections" 3
  drain_outbox
  sql -c 'VACUUM (ANALYZE) contacts, contact_urns' -c CHECKPOINT
  last_pgbench=$(run_pgbench "$slot" "$connections" "$seconds")
  for ((number = 1; number <= runs; number++)); do
    measure "$slot" "$connections" "$number" "$last_pgbench"
  done
  unsubscribe
}
