# Before every start of the server: makes its files where there are none, and gives the role the Secret's password, so
# that a volume which outlived its release opens to the next.
set -euo pipefail
bin=${HEARTH_POSTGRES_BIN:-/opt/hearth/postgres/bin}
volume=${HEARTH_POSTGRES_VOLUME:-/var/lib/hearth}
data=$volume/data
password_file=${HEARTH_POSTGRES_PASSWORD_FILE:-/etc/hearth/postgres/password}

# single <folder> <statement>. Not at the end of a pipe: a server that did not stop in order left a lock file with its
# number, 1, which is ours here, and postgres takes it for an old one only where that is its own parent's.
single() {
  local said=$volume/said
  "$bin/postgres" --single -D "$1" postgres <<<"$2" >/dev/null 2>"$said" || { cat "$said" >&2; exit 1; }
  # What a statement refuses is no failure to it.
  if grep -q 'ERROR:' "$said"; then
    cat "$said" >&2
    exit 1
  fi
  rm -f "$said"
}

if [[ ! -e $data/PG_VERSION ]]; then
  # Moved into place when it is whole: a start that was cut off must not look like a database.
  rm -rf "$volume/new"
  "$bin/initdb" -D "$volume/new" -U hearth -E UTF8 --locale=C --auth=scram-sha-256 --pwfile="$password_file"
  printf 'host all all all scram-sha-256\n' >>"$volume/new/pg_hba.conf"
  single "$volume/new" 'CREATE DATABASE hearth'
  rm -rf "$data"
  mv "$volume/new" "$data"
fi
single "$data" "ALTER ROLE hearth PASSWORD '$(<"$password_file")'"
