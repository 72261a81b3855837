#!/usr/bin/env bash
# A PostgreSQL server for the tests, in a folder of its own, on loopback, from Debian's packages.
#   tests/postgres.sh start FOLDER      makes a cluster in FOLDER if there is none, starts it, prints its connection string
#   tests/postgres.sh stop FOLDER       stops it at once, as a power cut would (the cluster stays)
#   tests/postgres.sh remove FOLDER     stops it and removes the folder
# As root it runs as user postgres, because initdb refuses root. Exit code 3: no PostgreSQL is installed.
set -euo pipefail

verb=${1:-} folder=${2:-}
[ -n "$folder" ] || { sed -n '2,6p' "$0" >&2; exit 2; }
case $folder in /*) ;; *) folder=$PWD/$folder ;; esac

bin=$(dirname "$(readlink -f "$(command -v initdb || true)")" 2>/dev/null || true)
for candidate in /usr/lib/postgresql/*/bin; do
    if [ -x "$candidate/initdb" ]; then bin=$candidate; fi
done
[ -x "$bin/initdb" ] || { echo "PostgreSQL is not installed: no initdb was found. Install Debian's package postgresql." >&2; exit 3; }

as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

make_cluster() {
    mkdir -p "$folder"
    [ "$(id -u)" -ne 0 ] || chown postgres "$folder"
    chmod 0711 "$folder"
    head -c 18 /dev/urandom | base64 | tr -d '/+=' >"$folder/password"
    [ "$(id -u)" -ne 0 ] || chown postgres "$folder/password"
    chmod 0600 "$folder/password"
    as_owner "$bin/initdb" --pgdata="$folder/data" --username=postgres --pwfile="$folder/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 \
        || { cat "$folder/initdb.log" >&2; exit 1; }
}

start() {
    [ -d "$folder/data" ] || make_cluster
    local attempt port
    for attempt in 1 2 3 4 5 6 7 8; do
        port=$(cat "$folder/port" 2>/dev/null || echo $((20000 + RANDOM % 12000)))
        if as_owner "$bin/pg_ctl" --pgdata="$folder/data" --wait --timeout=60 --log="$folder/data/server.log" \
            --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c max_connections=120 -c shared_buffers=64MB" start >/dev/null 2>&1; then
            echo "$port" >"$folder/port"
            echo "Host=127.0.0.1;Port=$port;Username=postgres;Password=$(cat "$folder/password")"
            return
        fi
        [ ! -e "$folder/port" ] || sleep 1
    done
    tail -5 "$folder/data/server.log" >&2
    exit 1
}

case $verb in
start) start ;;
stop) as_owner "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate --wait stop >/dev/null ;;
remove)
    as_owner "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate --wait stop >/dev/null 2>&1 || true
    rm -rf "$folder"
    ;;
*) sed -n '2,6p' "$0" >&2; exit 2 ;;
esac
