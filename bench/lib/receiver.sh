# Sourced by run.sh: a subscriber of every event that answers as fast as can be, which is nginx saying 204.

receiver='' webhook='' is_left=''
deliveries=10000

require_receiver() {
  command -v nginx > /dev/null && return
  [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null || fail 'nginx, which receives webhooks, is not installed: sudo apt-get install nginx-light'
  say 'Installing nginx (apt-get install nginx-light) …'
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx-light; } < /dev/null > "$work/apt.log" 2>&1 \
    || { cat "$work/apt.log" >&2; fail 'nginx could not be installed.'; }
}

start_receiver() {
  local folder=$work/receiver
  receiver_port=$(free_port)
  mkdir -p "$folder"
  cat > "$folder/nginx.conf" <<CONFIG
daemon off;
pid nginx.pid;
worker_processes 1;
error_log stderr error;
$([[ $(id -u) != 0 ]] || echo 'user root;')
events { worker_connections 256; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:$receiver_port;
    location / { return 204; }
  }
}
CONFIG
  nginx -p "$folder" -c nginx.conf 2>> "$work/receiver.err" &
  receiver=$!
  until curl -fs -o /dev/null "http://127.0.0.1:$receiver_port/"; do
    kill -0 "$receiver" 2> /dev/null || { cat "$work/receiver.err" >&2; fail 'nginx ended at its start.'; }
    sleep 0.05
  done
}

# A webhook of every event; it lasts until unsubscribe.
subscribe() {
  require_receiver
  start_receiver
  webhook=$(post /manage/api/webhooks "{\"name\":\"bench\",\"url\":\"http://127.0.0.1:$receiver_port/\",\"events\":[\"*\"]}" 201 | sed 's/.*"uuid":"\([^"]*\)".*/\1/')
}

# Another server has the lease, as far as this one can see: events are written and left.
leave_to_others() {
  sql -c "UPDATE webhooks SET leased_by = gen_random_uuid(), leased_until = now() + interval '1 day' WHERE id = '$webhook'"
  is_left=yes
}

unsubscribe() {
  [[ -n $receiver ]] || return 0
  [[ -z $webhook || -z $server ]] || curl -sf -X DELETE -H "Authorization: Token $token" "$url/manage/api/webhooks/$webhook" || true
  kill "$receiver" 2> /dev/null || true
  wait "$receiver" 2> /dev/null || true
  receiver='' webhook='' is_left=''
}

# Waits until everything is delivered, so that pgbench runs beside nothing.
drain_outbox() {
  [[ -n $webhook && -z $is_left ]] || return 0
  until [[ $(sql -c 'SELECT count(*) FROM webhook_outbox') == 0 ]]; do
    kill -0 "$server" 2> /dev/null || fail 'The server ended while it delivered.'
    sleep 0.1
  done
}

# How long so many events take to a fast receiver: made by one bulk call into an empty book, counted until the last is written down.
run_deliver() {
  say "Deliver: $deliveries events …"
  open_book
  subscribe
  local began made took
  began=$(now_ms)
  made=$(awk -v total=$deliveries 'BEGIN { for (i = 0; i < total; i++) printf "{\"name\":\"Contact %d\",\"urns\":[\"ext:%d\"]}\n", i, i }' \
    | curl -sS -X POST -T - -H 'Expect:' -H "Authorization: Token $token" -H 'Content-Type: application/x-ndjson' "$url/api/v2/contacts_bulk.json" | grep -c '^{"status":201,' || true)
  drain_outbox
  took=$(($(now_ms) - began))
  local good
  good=$(sql -c "SELECT count(DISTINCT delivery_id) FROM webhook_deliveries WHERE error IS NULL")
  [[ $good == "$made" && $made == "$deliveries" ]] || fail "$made contacts were made, and $good events were delivered."
  printf '%s\t%s\n' "$made" "$took" > "$out/deliver.tsv"
  unsubscribe
  close_book
}
