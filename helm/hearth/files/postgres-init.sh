# Before every start of the server: makes its files where there are none, and gives the role the Secret's password, so
# that a volume which outlived its release opens to the next.
set -euo pipefail
bin=${HEARTH_POSTGRES_BIN:-/opt/hearth/postgres/bin}
volume=${HEARTH_POSTGRES_VOLUME:-/var/lib/hearth}
data=$volume/data
password_file=${HEARTH_POSTGRES_PASSWORD_FILE:-/etc/hearth/postgres/password}

single() {
  "$bin/postgres" --single -D "$1" postgres >/dev/null
}

if [[ ! -e $data/PG_VERSION ]]; then
  # Moved into place when it is whole: a start that was cut off must not look like a database.
  rm -rf "$volume/new"
  "$bin/initdb" -D "$volume/new" -U hearth -E UTF8 --locale=C --auth=scram-sha-256 --pwfile="$password_file"
  printf 'host all all all scram-sha-256\n' >>"$volume/new/pg_hba.conf"
  printf 'CREATE DATABASE hearth\n' | single "$volume/new"
  rm -rf "$data"
  mv "$volume/new" "$data"
fi
printf "ALTER ROLE hearth PASSWORD '%s'\n" "$(<"$password_file")" | single "$data"
