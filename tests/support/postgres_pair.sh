#!/usr/bin/env bash
# A PostgreSQL primary and its synchronous standby, for tests that let the
# primary die.
set -euo pipefail

usage() {
  cat <<'EOF'
postgres_pair.sh start DIR        starts both with their data under DIR;
                                  DIR/url holds a URL of both hosts
postgres_pair.sh kill DIR         kill -9 of every process of the primary
postgres_pair.sh promote DIR      the standby becomes the primary
postgres_pair.sh restart DIR      stops the primary at once and starts it again
postgres_pair.sh stop DIR         ends both and removes DIR

What a client was told is committed is on both: nothing acknowledged is lost.
Needs the Debian package postgresql. Works as root and as anybody else.
EOF
}

die() {
  echo "postgres_pair.sh: $*" >&2
  exit 1
}

# initdb and the server refuse to run as root.
as_postgres() {
  if [[ $(id -u) == 0 ]]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

bin() {
  local found
  found=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null |
    sort -V | tail -1)
  [[ -n $found ]] || die "no PostgreSQL server: apt-get install postgresql"
  dirname "$found"
}

free_port() {
  local port
  while true; do
    port=$((RANDOM % 11000 + 10500))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# launch DIR NAME PORT
launch() {
  as_postgres "$(bin)/pg_ctl" -D "$1/$2" -l "$1/$2.log" -w -t 60 \
    -o "-p $3 -h 127.0.0.1 -k '$1'" start >/dev/null || {
    cat "$1/$2.log" >&2
    die "$2 did not start"
  }
}

ask() { as_postgres psql -XAtq -h 127.0.0.1 -p "$1" -U postgres -c "$2"; }

start() {
  local dir=$1 one two
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  [[ $(id -u) != 0 ]] || chown postgres "$dir"
  one=$(free_port)
  two=$(free_port)
  as_postgres "$(bin)/initdb" -D "$dir/one" -U postgres -A trust -E UTF8 \
    --locale=C --no-sync >"$dir/initdb.log" 2>&1 || die "initdb failed"
  # fsync off: the servers die here, the machine does not.
  as_postgres tee -a "$dir/one/postgresql.conf" >/dev/null <<EOF
fsync = off
max_connections = 100
shared_buffers = 32MB
wal_level = replica
max_wal_senders = 4
hot_standby = on
wal_retrieve_retry_interval = 200ms
synchronous_commit = on
EOF
  launch "$dir" one "$one"
  as_postgres "$(bin)/pg_basebackup" -D "$dir/two" -R -X stream -c fast \
    --no-sync -d "host=127.0.0.1 port=$one user=postgres \
application_name=two" || die "pg_basebackup failed"
  launch "$dir" two "$two"
  ask "$one" "ALTER SYSTEM SET synchronous_standby_names = 'two'"
  ask "$one" "SELECT pg_reload_conf()" >/dev/null
  for _ in $(seq 200); do
    [[ $(ask "$one" "SELECT sync_state FROM pg_stat_replication") != sync ]] ||
      break
    sleep 0.05
  done
  echo "$one" >"$dir/one.port"
  echo "$two" >"$dir/two.port"
  echo "postgresql://postgres@127.0.0.1:$one,127.0.0.1:$two/postgres" \
    >"$dir/url"
}

kill_all_of() {
  local pids parent
  [[ -f $1/postmaster.pid ]] || return 0
  parent=$(head -1 "$1/postmaster.pid")
  pids=$(ps -o pid= --ppid "$parent" || true)
  # shellcheck disable=SC2086 # several
  kill -KILL "$parent" $pids 2>/dev/null || true
}

[[ $# == 2 ]] || {
  usage >&2
  exit 2
}
case $1 in
  start) start "$2" ;;
  kill) kill_all_of "$2/one" ;;
  promote) ask "$(cat "$2/two.port")" "SELECT pg_promote()" >/dev/null ;;
  restart)
    as_postgres "$(bin)/pg_ctl" -D "$2/one" -m immediate -w stop >/dev/null
    launch "$2" one "$(cat "$2/one.port")"
    ;;
  stop)
    kill_all_of "$2/one"
    kill_all_of "$2/two"
    # Only a directory that start made.
    if [[ -f $2/initdb.log ]]; then rm -rf "$2"; fi
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
