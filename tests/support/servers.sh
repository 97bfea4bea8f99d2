#!/usr/bin/env bash
# Private Redis servers and a private PostgreSQL for tests.
set -euo pipefail

usage() {
  cat <<'EOF'
servers.sh: private Redis and PostgreSQL servers in a temporary directory.

  servers.sh run [--] COMMAND...   start them, run COMMAND with the variables
                                   below, stop and remove them; its exit code
  servers.sh start DIR             start them with their data under DIR; the
                                   variables are in DIR/env, to be sourced
  servers.sh stop DIR              stop them and remove DIR

COMMAND sees
  HUIFANG_TEST_REDIS_URL     unix:/tmp/.../redis.sock
  HUIFANG_TEST_SENTINEL_URL  redis-sentinel://...: 3 sentinels, a master and
                             2 replicas
  HUIFANG_TEST_CLUSTER_URL   redis-cluster://...: 3 masters with a replica each
  HUIFANG_TEST_POSTGRES_URL  postgresql://postgres@127.0.0.1:PORT/postgres

Switches: SERVERS_FSYNC=on makes PostgreSQL and Redis durable (for benchmarks
and crash tests of the servers themselves; off by default, it is faster).
SERVERS="redis postgres" starts those alone; all four are redis, postgres,
sentinel and cluster.
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

# COUNT different ports nobody listens on right now, below those of tests/chaos and
# those the kernel gives to clients.
free_ports() {
  local count=$1 port ports=()
  while [[ ${#ports[@]} -lt $count ]]; do
    port=$((RANDOM % 9500 + 10500))
    [[ " ${ports[*]-} " != *" $port "* ]] || continue
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
    ports+=("$port")
  done
  echo "${ports[*]}"
}

# eventually SECONDS COMMAND: waits until it says yes.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.05
  done
}

# launch_redis DIR NAME [--sentinel] <SETTINGS: a server of its own folder
# DIR/NAME, which a test may kill and start again with DIR/NAME/redis.conf.
launch_redis() {
  local dir=$1/$2 fsync=everysec
  shift 2
  [[ ${SERVERS_FSYNC:-off} == on ]] && fsync=always
  mkdir -p "$dir"
  {
    printf '%s\n' "dir $dir" "pidfile $dir/redis.pid" \
      "logfile $dir/redis.log" 'daemonize yes'
    if [[ ${1:-} != --sentinel ]]; then
      # A replica counts as one only after the first ping of its master.
      printf '%s\n' 'appendonly yes' "appendfsync $fsync" 'save ""' \
        'maxmemory-policy noeviction' 'repl-diskless-sync-delay 0' \
        'repl-ping-replica-period 1'
    fi
    cat
  } >"$dir/redis.conf"
  redis-server "$dir/redis.conf" "$@" >"$dir/start.log" 2>&1 || {
    cat "$dir/start.log" "$dir/redis.log" >&2
    die "Redis did not start"
  }
}

answers() { redis-cli "$@" ping >/dev/null 2>&1; }

start_redis() {
  local dir=$1
  launch_redis "$dir" redis <<EOF
port 0
unixsocket $dir/redis.sock
unixsocketperm 700
EOF
  eventually 5 answers -s "$dir/redis.sock" || {
    cat "$dir/redis/redis.log" >&2
    die "Redis did not start"
  }
  echo "unix:$dir/redis.sock" >"$dir/redis.url"
}

# says PORT SECTION LINE: whether the server's INFO has that line.
says() {
  redis-cli -p "$1" info "$2" 2>/dev/null | tr -d '\r' | grep -qx "$3"
}

sentinel_knows_all() {
  local fields
  fields=$(redis-cli -p "$1" sentinel master huifang 2>/dev/null | paste - - |
    grep -cE '^(num-slaves.2|num-other-sentinels.2|flags.master)$') || true
  [[ $fields == 3 ]]
}

# Sentinels, or a cluster, whose servers are in folders DIR/PREFIX…: with other
# ports if some program took one of them meanwhile.
start_group() {
  local dir=$1 prefix=$2 try
  for try in 1 2 3; do
    ("start_$prefix" "$dir") && return
    say "$prefix: attempt $try failed"
    tail -n 3 "$dir/$prefix"*/redis.log >&2 || true
    kill_redis "$dir/$prefix"*
    rm -rf "$dir/$prefix"*
  done
  return 1
}

# Nobody needs their data any more, and a test may have suspended one.
kill_redis() {
  local file
  for file in "${@/%//redis.pid}"; do
    [[ ! -f $file ]] || kill -KILL "$(cat "$file")" 2>/dev/null || true
  done
}

start_sentinel() {
  local dir=$1 ports port
  read -r -a ports <<<"$(free_ports 6)"
  for port in "${ports[@]:0:3}"; do
    {
      echo "port $port"
      echo 'bind 127.0.0.1'
      [[ $port == "${ports[0]}" ]] || echo "replicaof 127.0.0.1 ${ports[0]}"
    } | launch_redis "$dir" "sentinel-redis-$port"
  done
  eventually 15 says "${ports[0]}" replication 'connected_slaves:2' ||
    die "the replicas did not come"
  for port in "${ports[@]:3}"; do
    launch_redis "$dir" "sentinel-$port" --sentinel <<EOF
port $port
bind 127.0.0.1
sentinel monitor huifang 127.0.0.1 ${ports[0]} 2
sentinel down-after-milliseconds huifang 2000
sentinel failover-timeout huifang 5000
sentinel parallel-syncs huifang 2
EOF
  done
  for port in "${ports[@]:3}"; do
    eventually 30 sentinel_knows_all "$port" ||
      die "the sentinels did not find each other"
  done
  echo "redis-sentinel://127.0.0.1:${ports[3]},127.0.0.1:${ports[4]},127.0.0.1:${ports[5]}/huifang" \
    >"$dir/sentinel.url"
}

# Whether the server at PORT sees all six, with every slot twice.
cluster_is_whole() {
  [[ $(redis-cli -p "$1" cluster info | tr -d '\r') == *cluster_state:ok* &&
    $(redis-cli -p "$1" cluster nodes | grep -c ' connected') == 6 &&
    $(redis-cli -p "$1" cluster slots | grep -cx '127.0.0.1') == 6 ]]
}

start_cluster() {
  local dir=$1 all ports buses port i
  read -r -a all <<<"$(free_ports 12)"
  ports=("${all[@]:0:6}") buses=("${all[@]:6}")
  for i in "${!ports[@]}"; do
    launch_redis "$dir" "cluster-redis-${ports[i]}" <<EOF
port ${ports[i]}
bind 127.0.0.1
cluster-enabled yes
cluster-port ${buses[i]}
cluster-node-timeout 2000
EOF
  done
  for port in "${ports[@]}"; do
    eventually 5 answers -p "$port" || die "a cluster server did not start"
  done
  redis-cli --cluster create "${ports[@]/#/127.0.0.1:}" --cluster-replicas 1 \
    --cluster-yes >"$dir/cluster.log" 2>&1 || {
    cat "$dir/cluster.log" >&2
    die "the cluster was not made"
  }
  for port in "${ports[@]}"; do
    eventually 30 cluster_is_whole "$port" || die "the cluster is not whole"
  done
  echo "redis-cluster://127.0.0.1:${ports[0]},127.0.0.1:${ports[1]},127.0.0.1:${ports[2]}" \
    >"$dir/cluster.url"
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
    port=$(free_ports 1)
    if as_postgres "$bin/pg_ctl" -D "$dir/pg/data" -l "$dir/pg/log" -w -t 30 \
      -o "-p $port -h 127.0.0.1 -k '$dir/pg' -c fsync=$fsync \
-c synchronous_commit=$fsync -c full_page_writes=$fsync \
-c max_connections=300 -c shared_buffers=64MB" start >/dev/null 2>&1; then
      echo "postgresql://postgres@127.0.0.1:$port/postgres" >"$dir/postgres.url"
      return
    fi
  done
  cat "$dir/pg/log" >&2
  die "PostgreSQL did not start"
}

start() {
  local dir=$1 part parts
  read -r -a parts <<<"${SERVERS:-redis postgres sentinel cluster}"
  command -v redis-server >/dev/null ||
    die "no redis-server: apt-get install redis-server"
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  echo "${parts[*]}" >"$dir/servers"
  # Side by side: most of the time is waiting.
  local -A pids=()
  for part in "${parts[@]}"; do
    case $part in
      sentinel | cluster) start_group "$dir" "$part" & ;;
      *) "start_$part" "$dir" & ;;
    esac
    pids[$part]=$!
  done
  local failed=
  for part in "${parts[@]}"; do
    wait "${pids[$part]}" || failed+=" $part"
  done
  [[ -z $failed ]] || die "did not start:$failed"
  {
    for part in "${parts[@]}"; do
      echo "export HUIFANG_TEST_${part^^}_URL='$(cat "$dir/$part.url")'"
    done
  } >"$dir/env"
}

stop() {
  local dir=$1
  kill_redis "$dir"/*
  if [[ -f $dir/pg/data/postmaster.pid ]]; then
    as_postgres "$(pg_bin)/pg_ctl" -D "$dir/pg/data" -m immediate -w stop \
      >/dev/null 2>&1 || true
  fi
  # Only a directory that start made.
  if [[ -f $dir/servers ]]; then rm -rf "$dir"; fi
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
