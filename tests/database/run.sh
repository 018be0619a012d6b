#!/bin/bash
# Starts a PostgreSQL and a MariaDB server on free loopback ports, with data and random passwords in a
# temporary folder, runs the command, and ends the servers whatever happens.
# Usage: run.sh COMMAND [ARGUMENT...]; the command finds COVET_TEST_POSTGRES_URL and COVET_TEST_MYSQL_URL.
set -u

fail() {
    echo "database tests: $*" >&2
    exit 1
}

pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$pg_bin" ] && [ -x "$pg_bin/initdb" ] || fail "PostgreSQL's server is missing: apt-get install postgresql-15"
mariadbd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v mariadbd) || fail "MariaDB's server is missing: apt-get install mariadb-server"
command -v mariadb-install-db >/dev/null || fail "mariadb-install-db is missing: apt-get install mariadb-server"
command -v python3 >/dev/null || fail "python3 is missing: apt-get install python3"

# Servers refuse to run as root. A prefix and not a function: $! must be the server itself. Should this
# script be killed, the kernel tells them (--pdeathsig).
as_user=(setpriv)
owner=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
    for candidate in postgres mysql nobody; do
        id "$candidate" >/dev/null 2>&1 && { owner=$candidate; break; }
    done
    as_user=(setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups)
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/covet-servers.XXXXXX") || fail "no temporary folder"
mkdir "$folder/pg" "$folder/my"
chmod 755 "$folder"
chown -R "$owner" "$folder"
postgres_pid="" mariadb_pid="" child=""

stop() {
    trap - EXIT INT TERM HUP
    [ -n "$child" ] && kill "$child" 2>/dev/null
    [ -n "$postgres_pid" ] && kill -INT "$postgres_pid" 2>/dev/null
    [ -n "$mariadb_pid" ] && kill "$mariadb_pid" 2>/dev/null
    for pid in $postgres_pid $mariadb_pid; do
        for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$pid" 2>/dev/null
    done
    wait 2>/dev/null
    rm -rf "$folder"
}
trap stop EXIT
trap 'stop; exit 130' INT
trap 'stop; exit 143' TERM HUP

random() { od -An -N12 -tx1 /dev/urandom | tr -d ' \n'; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
pg_password=p@$(random) my_password=p@$(random)

# Durability is not what these tests are about.
(umask 077 && printf '%s' "$pg_password" >"$folder/pw" && chown "$owner" "$folder/pw")
"${as_user[@]}" --pdeathsig TERM "$pg_bin/initdb" -D "$folder/pg/data" -U covet -A scram-sha-256 --pwfile="$folder/pw" \
    -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/pg.log" 2>&1 || { cat "$folder/pg.log" >&2; fail "initdb failed"; }
"${as_user[@]}" --pdeathsig TERM mariadb-install-db --no-defaults --datadir="$folder/my/data" --auth-root-authentication-method=normal \
    --skip-test-db --basedir=/usr >"$folder/my.log" 2>&1 || { cat "$folder/my.log" >&2; fail "mariadb-install-db failed"; }

start_postgres() {
    pg_port=$(free_port)
    "${as_user[@]}" --pdeathsig INT "$pg_bin/postgres" -D "$folder/pg/data" -c listen_addresses=127.0.0.1 -c port="$pg_port" \
        -c unix_socket_directories="$folder/pg" -c fsync=off -c max_connections=40 >>"$folder/pg.log" 2>&1 &
    postgres_pid=$!
    for _ in $(seq 300); do
        kill -0 "$postgres_pid" 2>/dev/null || return 1
        "$pg_bin/pg_isready" -q -h 127.0.0.1 -p "$pg_port" && return 0
        sleep 0.1
    done
    return 1
}
start_mariadb() {
    my_port=$(free_port)
    printf "ALTER USER 'root'@'localhost' IDENTIFIED BY '%s';\n" "$my_password" >"$folder/my/init.sql"
    chown "$owner" "$folder/my/init.sql"
    "${as_user[@]}" --pdeathsig TERM "$mariadbd" --no-defaults --datadir="$folder/my/data" --port="$my_port" --bind-address=127.0.0.1 \
        --socket="$folder/my/sock" --pid-file="$folder/my/pid" --init-file="$folder/my/init.sql" \
        --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M --skip-log-bin >>"$folder/my.log" 2>&1 &
    mariadb_pid=$!
    for _ in $(seq 300); do
        kill -0 "$mariadb_pid" 2>/dev/null || return 1
        [ -S "$folder/my/sock" ] && (exec 3<>"/dev/tcp/127.0.0.1/$my_port") 2>/dev/null && return 0
        sleep 0.1
    done
    return 1
}
# A port may be taken between asking for it and using it.
start_postgres || start_postgres || { cat "$folder/pg.log" >&2; fail "PostgreSQL did not start"; }
start_mariadb || start_mariadb || { cat "$folder/my.log" >&2; fail "MariaDB did not start"; }

encoded() { printf '%s' "$1" | sed 's/@/%40/g'; }
export COVET_TEST_POSTGRES_URL="postgresql://covet:$(encoded "$pg_password")@127.0.0.1:$pg_port/postgres"
export COVET_TEST_MYSQL_URL="mysql://root:$(encoded "$my_password")@127.0.0.1:$my_port/mysql"
"$@" &
child=$!
wait "$child"
status=$?
child=""

# A server that crashes by itself says nothing about the program. What it said last is shown, and there
# is one more try.
crashed() {
    [ -n "$1" ] && ! kill -0 "$1" 2>/dev/null || return 1
    wait "$1"
    case $? in 132 | 134 | 135 | 136 | 139) return 0 ;; *) return 1 ;; esac
}
for server in "PostgreSQL $postgres_pid $folder/pg.log" "MariaDB $mariadb_pid $folder/my.log"; do
    read -r name pid log <<<"$server"
    [ $status -ne 0 ] && crashed "$pid" || continue
    echo "database tests: $name crashed; the end of its log:" >&2
    tail -n 80 "$log" >&2
    [ -z "${COVET_SERVERS_CRASHED:-}" ] || break
    stop
    COVET_SERVERS_CRASHED=1 exec "$0" "$@"
done
exit $status
