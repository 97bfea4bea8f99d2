# Secrets, Redis and the four services. Sourced by deploy/quickstart.
# shellcheck shell=bash disable=SC2154 # home, bin, court come from quickstart

services=(ticket callback grading reporting)
declare -A default_port=([ticket]=25051 [callback]=25052 [grading]=25053
  [reporting]=25054)
declare -A metrics_port=([ticket]=9464 [callback]=9465 [grading]=9466
  [reporting]=9467)

random_hex() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# Sealing key, one bearer token per role, and the digests the services read.
make_secrets() {
  local secrets=$home/secrets role
  if [[ ! -e $secrets/keys.json ]]; then
    printf '{"keys": {"1": "%s"}, "current": "1"}\n' "$(random_hex)" \
      >"$secrets/keys.json"
  fi
  if [[ -e $secrets/tokens.json ]]; then
    note "kept"
    return
  fi
  for role in admin agent officer reviewer reviewer2 handler head leader service; do
    [[ -e $secrets/$role.token ]] || random_hex >"$secrets/$role.token"
  done
  {
    printf '{"tokens": [\n'
    token_line admin admin admin '' '*'
    token_line service service service '' '*'
    token_line agent agent agent agent-1 "$court"
    token_line officer officer officer-1 officer-1 "$court"
    token_line reviewer officer officer-2 officer-2 "$court"
    token_line reviewer2 officer officer-3 officer-3 "$court"
    token_line handler handler handler civil-1-1 "$court"
    token_line head head head civil-1-10 "$court"
    token_line leader leader leader '' "$court" last
    printf ']}\n'
  } >"$secrets/tokens.json.new"
  mv "$secrets/tokens.json.new" "$secrets/tokens.json"
}

# token_line FILE ROLE PRINCIPAL STAFF COURTS [last]
token_line() {
  local digest staff=
  digest=$(head -n 1 "$home/secrets/$1.token" | tr -d '\n' | sha256sum |
    cut -d' ' -f1)
  # An imported directory has staff of its own; only the officers are ours.
  if [[ -n $4 ]]; then staff="courts/$court/staff/$4"; fi
  printf ' {"sha256": "%s", "role": "%s", "principal": "%s", "staff": "%s", "courts": ["%s"]}%s\n' \
    "$digest" "$2" "$3" "$staff" "$5" "$([[ ${6:-} == last ]] || echo ,)"
}

# True if a process of ours with this program runs: pid files outlive reboots.
running() {
  local name=$1 pid exe
  [[ -e $home/run/$name.pid ]] || return 1
  pid=$(cat "$home/run/$name.pid")
  exe=$(readlink "/proc/$pid/exe" 2>/dev/null) || return 1
  case $name in
    redis) [[ $exe == *redis* ]] ;;
    *) [[ ${exe##*/} == "huifang-$name"* ]] ;;
  esac
}

# The program on disk is newer than the one that runs, or a peer has moved to
# another port.
outdated() {
  [[ $(readlink "/proc/$(cat "$home/run/$1.pid")/exe") == *' (deleted)' ||
    $(cat "$home/run/$1.flags" 2>/dev/null) != "$(own_flags "$1")" ]]
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The usual port, or the next free one.
pick_port() {
  local port=$1
  while port_taken "$port"; do port=$((port + 10)); done
  echo "$port"
}

# wait_until SECONDS COMMAND...
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [[ $SECONDS -lt $deadline ]] || return 1
    sleep 0.1
  done
}

redis_answers() {
  [[ $(redis-cli -s "$home/run/redis.sock" ping 2>/dev/null) == PONG ]]
}

start_redis() {
  if running redis && redis_answers; then
    note "runs already"
    return
  fi
  # A socket's path may be 107 bytes long.
  if [[ ${#home} -gt 90 ]]; then
    echo "the path of $home is too long for a socket; set HUIFANG_HOME"
    return 1
  fi
  mkdir -p "$home/data/redis"
  redis-server --port 0 --unixsocket "$home/run/redis.sock" \
    --unixsocketperm 700 --dir "$home/data/redis" --appendonly yes --save '' \
    --auto-aof-rewrite-min-size 16mb --maxmemory-policy noeviction \
    --daemonize yes \
    --pidfile "$home/run/redis.pid" --logfile "$home/logs/redis.log"
  wait_until 30 redis_answers || {
    tail -n 20 "$home/logs/redis.log"
    return 1
  }
  note "socket $home/run/redis.sock"
}

# The arguments only one service takes.
own_flags() {
  case $1 in
    callback)
      echo "--ticket_address=$(address ticket)" \
        "--peer_token_file=$home/secrets/service.token"
      ;;
    grading)
      echo "--ticket_address=$(address ticket)" \
        "--callback_address=$(address callback)" \
        "--peer_token_file=$home/secrets/service.token"
      ;;
    reporting)
      echo "--ticket_address=$(address ticket)" \
        "--callback_address=$(address callback)" \
        "--grading_address=$(address grading)" \
        "--peer_token_file=$home/secrets/service.token"
      ;;
  esac
}

address() { echo "127.0.0.1:$(cat "$home/run/$1.port")"; }

start_service() {
  local name=$1 port metrics flags
  if running "$name" && ! outdated "$name"; then
    note "runs already on $(address "$name")"
    return
  fi
  if running "$name"; then stop_one "$name"; fi
  # The port of last time, so that the others find it where it was.
  port=$(pick_port "$(cat "$home/run/$name.port" 2>/dev/null ||
    echo "${default_port[$name]}")")
  metrics=$(pick_port "${metrics_port[$name]}")
  rm -f "$home/run/$name.port"
  read -r -a flags <<<"$(own_flags "$name")"
  (
    # Settings of the caller's shell are for the CLI.
    for variable in ${!HUIFANG_@}; do unset "$variable"; done
    exec setsid "$bin/huifang-$name" \
      --listen="127.0.0.1:$port" --metrics_listen="127.0.0.1:$metrics" \
      --port_file="$home/run/$name.port" \
      --database="sqlite:$home/data/$name.db" \
      --redis_url="unix:$home/run/redis.sock" \
      --token_file="$home/secrets/tokens.json" \
      --key_file="$home/secrets/keys.json" \
      ${flags[@]+"${flags[@]}"} \
      </dev/null >>"$home/logs/$name.log" 2>&1
  ) &
  echo $! >"$home/run/$name.pid"
  echo "$metrics" >"$home/run/$name.metrics"
  own_flags "$name" >"$home/run/$name.flags"
  # It writes the port file once it serves.
  wait_until 60 started_or_dead "$name" || true
  if ! running "$name" || [[ ! -e $home/run/$name.port ]]; then
    echo "huifang-$name did not start; the end of $home/logs/$name.log:"
    tail -n 15 "$home/logs/$name.log"
    return 1
  fi
  note "127.0.0.1:$port"
}

started_or_dead() { [[ -e $home/run/$1.port ]] || ! kill -0 "$(cat "$home/run/$1.pid")" 2>/dev/null; }

gone() { ! running "$1"; }

stop_one() {
  local name=$1
  running "$name" || return 0
  kill "$(cat "$home/run/$name.pid")" 2>/dev/null || true
  if ! wait_until 20 gone "$name"; then
    kill -9 "$(cat "$home/run/$name.pid")" 2>/dev/null || true
    wait_until 5 gone "$name" || true
  fi
}

stop_all() {
  local name any=no
  for name in reporting grading callback ticket redis; do
    if running "$name"; then
      any=yes
      stop_one "$name"
      say "stopped $name"
    fi
    rm -f "$home/run/$name.pid"
  done
  [[ $any == yes ]] || say "nothing runs"
}

show_status() {
  local name
  for name in redis "${services[@]}"; do
    if ! running "$name"; then
      say "$name: stopped"
    elif [[ $name == redis ]]; then
      say "$name: pid $(cat "$home/run/$name.pid"), $home/run/redis.sock"
    else
      say "$name: pid $(cat "$home/run/$name.pid"), $(address "$name")," \
        "metrics 127.0.0.1:$(cat "$home/run/$name.metrics"), log $home/logs/$name.log"
    fi
  done
}

# For the operator's shell: `. .huifang/env`, then huifangctl.
write_env() {
  local name
  {
    echo "# What huifangctl needs to reach this installation."
    echo "export PATH='$bin':\$PATH"
    echo "export HUIFANG_COURT=$court"
    echo "export HUIFANG_TOKEN_FILE='$home/secrets/admin.token'"
    for name in "${services[@]}"; do
      echo "export HUIFANG_${name^^}_ADDRESS=$(address "$name")"
    done
  } >"$home/env"
}

export_for_cli() {
  # shellcheck source=/dev/null
  source "$home/env"
}
