# shellcheck shell=bash
# What every script here shares: the repository's root, one-line failures, and `step`.
# Progress goes to stderr, so that a script's stdout is its answer alone.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs="$root/.hearth/log"

# Maven lives too briefly here for its own optimising to pay.
export MAVEN_OPTS="${MAVEN_OPTS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC}"

# fail "what is missing or broken — the cure": one line, exit 1.
fail() {
  printf '✗ %s\n' "$1" >&2
  exit 1
}

# say "text": a line of progress.
say() { printf '%s\n' "$1" >&2; }

now_us() { printf '%s' "${EPOCHREALTIME//[.,]/}"; }

# seconds_since <now_us>: "3.2 s"
seconds_since() {
  local us=$(($(now_us) - $1))
  printf '%d.%d s' $((us / 1000000)) $((us % 1000000 / 100000))
}

# at_least <version> <minimum>: compares dotted numbers.
at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# first_version: the first dotted number in the text on stdin, empty where there is none.
first_version() { grep -oE -m 1 '[0-9]+(\.[0-9]+)+' | head -n 1 || true; }

# cause <log>: the line that says why: Maven's first [ERROR], else the last line that is not blank.
cause() {
  local line
  line=$(grep -m 1 '^\[ERROR\] .' "$1" || grep -v '^[[:space:]]*$' "$1" | tail -n 1) || true
  printf '%s' "${line:-it said nothing}"
}

# step "name" "cure" command…: runs the command with its output in .hearth/log/<name>.log.
# One line when it starts, one when it ends; a failure names the step, its cause, the cure and the log,
# and returns the command's exit status. An empty cure points at the log alone.
step() {
  local name=$1 cure=$2 started status=0 log
  shift 2
  log="$logs/$(printf '%s' "$name" | tr -cs '[:alnum:].' '-').log"
  mkdir -p "$logs"
  say "→ $name …"
  started=$(now_us)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status == 0)); then
    say "✓ $name ($(seconds_since "$started"))"
  else
    say "✗ $name failed: $(cause "$log")${cure:+ — $cure} (log: ${log#"$root/"})"
  fi
  return "$status"
}

# go_tool <module under dev/tools> <output> <linker's flags> <package>…: builds what is pinned there, the same on every
# machine: static, without paths or the state of this checkout.
go_tool() {
  cd "$root/dev/tools/$1" || return
  CGO_ENABLED=0 GOWORK=off GOFLAGS='' \
    go build -mod=readonly -buildvcs=false -trimpath -ldflags "$3" -o "$2" "${@:4}"
}
