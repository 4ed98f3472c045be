#!/bin/bash
# Private PostgreSQL and Redis on loopback for one test run.
#
#   servers.sh start DIR   starts what is not running and writes DIR/servers.env,
#                          which exports DB_POSTGRES_URL and REDIS_HOST
#   servers.sh stop DIR    stops what runs; harmless when nothing does
#
# Everything lies under DIR (absolute, at most 80 bytes: a socket path has 107).
# Ports are free ones of the moment. PostgreSQL refuses to run as root, so that
# root lends its part of DIR to the user postgres of Debian's package.
set -euo pipefail

die() { echo "servers.sh: $*" >&2; exit 1; }

# From /, since the user postgres may not enter the folder that we stand in.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

postgres_programs() { find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' 2>/dev/null | sort -V | tail -n 1; }

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the kernel's ephemeral range, so that no outgoing connection takes the
# port between this check and the server's bind.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 12000))
    if ! port_is_taken "$port"; then echo "$port"; return; fi
  done
  die "found no free port between 20000 and 32000"
}

postgres_runs() { as_postgres "$programs/pg_ctl" -D "$dir/postgres/data" status >/dev/null 2>&1; }

start_postgres() {
  if postgres_runs; then return; fi
  local port password
  port=$(free_port)
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  rm -rf "$dir/postgres"
  mkdir "$dir/postgres"
  (umask 077 && echo "$password" >"$dir/postgres/password")
  if [ "$(id -u)" -eq 0 ]; then chown -R postgres: "$dir/postgres"; fi
  as_postgres "$programs/initdb" -D "$dir/postgres/data" -U pledgewatch --encoding=UTF8 \
    --locale=C --auth=scram-sha-256 --pwfile="$dir/postgres/password" --no-sync \
    >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
  # The data dies with the test: nothing is gained by waiting for a disk.
  as_postgres "$programs/pg_ctl" -D "$dir/postgres/data" -l "$dir/postgres/log" -w -t 60 -o \
    "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir/postgres \
     -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=32MB" \
    start >/dev/null || { cat "$dir/postgres/log" >&2; die "PostgreSQL did not start"; }
  echo "postgres://pledgewatch:$password@127.0.0.1:$port/postgres" >"$dir/postgres.url"
}

# A zombie counts as ended: in a container nobody may be there to reap it.
is_alive() { grep -q '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status" 2>/dev/null; }

redis_runs() { [ -s "$dir/redis/pid" ] && is_alive "$(cat "$dir/redis/pid")"; }

start_redis() {
  if redis_runs; then return; fi
  command -v redis-server >/dev/null || die "no redis-server: apt-get install redis-server"
  local port
  port=$(free_port)
  rm -rf "$dir/redis"
  mkdir "$dir/redis"
  redis-server --bind 127.0.0.1 --port "$port" --dir "$dir/redis" --pidfile "$dir/redis/pid" \
    --logfile "$dir/redis/log" --daemonize yes --save "" --appendonly no >/dev/null
  for _ in $(seq 100); do
    if redis_runs && port_is_taken "$port"; then
      echo "127.0.0.1:$port" >"$dir/redis.host"
      return
    fi
    sleep 0.1
  done
  cat "$dir/redis/log" >&2
  die "Redis did not start"
}

start() {
  mkdir -p "$dir"
  chmod 711 "$dir"
  rm -f "$dir/servers.env"
  trap '[ -e "$dir/servers.env" ] || stop' EXIT
  trap 'exit 130' INT TERM
  start_postgres
  start_redis
  printf 'export DB_POSTGRES_URL=%q REDIS_HOST=%q\n' \
    "$(cat "$dir/postgres.url")" "$(cat "$dir/redis.host")" >"$dir/servers.env"
}

stop() {
  if [ -d "$dir/postgres/data" ] && postgres_runs; then
    as_postgres "$programs/pg_ctl" -D "$dir/postgres/data" -m immediate -w -t 20 stop >/dev/null ||
      echo "servers.sh: PostgreSQL under $dir did not stop" >&2
  fi
  if redis_runs; then
    local pid
    pid=$(cat "$dir/redis/pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do
      is_alive "$pid" || break
      sleep 0.1
    done
    if is_alive "$pid"; then kill -9 "$pid"; echo "servers.sh: Redis had to be killed" >&2; fi
  fi
  rm -f "$dir/servers.env"
}

[ $# -eq 2 ] || die "usage: servers.sh start|stop DIR"
dir=$2
case $dir in /*) ;; *) die "DIR must be absolute" ;; esac
[ ${#dir} -le 80 ] || die "DIR is longer than 80 bytes"
programs=$(postgres_programs)
[ -n "$programs" ] || die "no initdb under /usr/lib/postgresql: apt-get install postgresql"
case $1 in
  start) start ;;
  stop) stop ;;
  *) die "usage: servers.sh start|stop DIR" ;;
esac
