#!/usr/bin/env bash
# A private Redis and a private PostgreSQL for tests.
set -euo pipefail

usage() {
  cat <<'EOF'
servers.sh: a private Redis and PostgreSQL cluster in a temporary directory.

  servers.sh run [--] COMMAND...   start both, run COMMAND with the variables
                                   below, stop and remove them; its exit code
  servers.sh start DIR             start both with their data under DIR; the
                                   variables are in DIR/env, to be sourced
  servers.sh stop DIR              stop them and remove DIR

COMMAND sees
  HUIFANG_TEST_REDIS_URL     unix:/tmp/.../redis.sock
  HUIFANG_TEST_POSTGRES_URL  postgresql://postgres@127.0.0.1:PORT/postgres

Switches: SERVERS_FSYNC=on makes PostgreSQL and Redis durable (for benchmarks
and crash tests of the servers themselves; off by default, it is faster).
Works as root (PostgreSQL then runs as user postgres) and as anybody else.
Needs the Debian packages redis-server and postgresql.
EOF
}

say() { echo "servers.sh: $*" >&2; }
die() {
  say "$*"
  exit 1
}

# initdb and the server refuse to run as root.
as_postgres() {
  if [[ $(id -u) == 0 ]]; then
    # From a directory that the other user may stand in.
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

pg_bin() {
  local found
  found=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null |
    sort -V | tail -1)
  [[ -n $found ]] || die "no PostgreSQL server: apt-get install postgresql"
  dirname "$found"
}

# A port nobody listens on right now.
free_port() {
  local port
  while :; do
    port=$((RANDOM % 20000 + 32768))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

start_redis() {
  local dir=$1 fsync=everysec
  [[ ${SERVERS_FSYNC:-off} == on ]] && fsync=always
  command -v redis-server >/dev/null ||
    die "no redis-server: apt-get install redis-server"
  mkdir -p "$dir/redis"
  redis-server --port 0 --unixsocket "$dir/redis.sock" --unixsocketperm 700 \
    --dir "$dir/redis" --appendonly yes --appendfsync $fsync --save '' \
    --maxmemory-policy noeviction --daemonize yes \
    --pidfile "$dir/redis.pid" --logfile "$dir/redis.log" >/dev/null
  for _ in $(seq 100); do
    redis-cli -s "$dir/redis.sock" ping >/dev/null 2>&1 && return
    sleep 0.05
  done
  cat "$dir/redis.log" >&2
  die "Redis did not start"
}

start_postgres() {
  local dir=$1 bin port fsync=${SERVERS_FSYNC:-off}
  bin=$(pg_bin)
  mkdir -p "$dir/pg"
  if [[ $(id -u) == 0 ]]; then
    chown postgres "$dir/pg"
    chmod 711 "$dir"
  fi
  as_postgres "$bin/initdb" -D "$dir/pg/data" -U postgres -A trust \
    -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 || {
    cat "$dir/initdb.log" >&2
    die "initdb failed"
  }
  # Another program may take the port between the look and the start.
  for _ in 1 2 3 4 5; do
    port=$(free_port)
    if as_postgres "$bin/pg_ctl" -D "$dir/pg/data" -l "$dir/pg/log" -w -t 30 \
      -o "-p $port -h 127.0.0.1 -k '$dir/pg' -c fsync=$fsync \
-c synchronous_commit=$fsync -c full_page_writes=$fsync \
-c max_connections=300 -c shared_buffers=64MB" start >/dev/null 2>&1; then
      echo "$port" >"$dir/pg.port"
      return
    fi
  done
  cat "$dir/pg/log" >&2
  die "PostgreSQL did not start"
}

start() {
  local dir=$1
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  start_redis "$dir"
  start_postgres "$dir"
  cat >"$dir/env" <<EOF
export HUIFANG_TEST_REDIS_URL='unix:$dir/redis.sock'
export HUIFANG_TEST_POSTGRES_URL='postgresql://postgres@127.0.0.1:$(cat "$dir/pg.port")/postgres'
EOF
}

stop() {
  local dir=$1 pid
  if [[ -f $dir/redis.pid ]]; then
    pid=$(cat "$dir/redis.pid")
    kill "$pid" 2>/dev/null || true
  fi
  if [[ -f $dir/pg/data/postmaster.pid ]]; then
    as_postgres "$(pg_bin)/pg_ctl" -D "$dir/pg/data" -m immediate -w stop \
      >/dev/null 2>&1 || true
  fi
  for _ in $(seq 100); do
    if [[ -z ${pid:-} ]] || ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.05
  done
  # Only a directory that start made.
  if [[ -d $dir/redis || -d $dir/pg ]]; then rm -rf "$dir"; fi
}

run() {
  [[ $# -gt 0 ]] || die "run what? See --help"
  local dir
  dir=$(mktemp -d "${TMPDIR:-/tmp}/huifang-servers-XXXXXX")
  # shellcheck disable=SC2064 # the directory of now
  trap "stop '$dir'" EXIT
  trap 'exit 130' INT TERM
  start "$dir"
  # shellcheck source=/dev/null
  source "$dir/env"
  "$@"
}

case ${1:-} in
  start)
    [[ $# == 2 ]] || die "start DIR"
    start "$2"
    ;;
  stop)
    [[ $# == 2 ]] || die "stop DIR"
    stop "$2"
    ;;
  run)
    shift
    [[ ${1:-} == -- ]] && shift
    run "$@"
    ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
