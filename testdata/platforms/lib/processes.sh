# shellcheck shell=bash
# Daemons, and how they are found again: waiting for them, ending them, the cgroups that they run in.

# --- waiting ----------------------------------------------------------------------------------------------------------
# until_ok SECONDS COMMAND...
until_ok() {
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt "$end" ] || { log "timeout: $*"; return 1; }
    sleep 0.1
  done
}

# --- processes --------------------------------------------------------------------------------------------------------
# Every daemon carries MARK=platform:state in its environment, and so do the shims and plugins it starts (containers do
# not). `down` finds them by that, so it needs no pid file and cannot hit a recycled pid, even after a killed run.
MARK=DECAMP_PLATFORM
daemon() { # daemon PLATFORM NAME COMMAND...
  local p=$1 n=$2; shift 2
  mkdir -p "$PLATFORMS_STATE/$p/log"
  setsid env "$MARK=$p:$PLATFORMS_STATE" "$@" >"$PLATFORMS_STATE/$p/log/$n.log" 2>&1 </dev/null &
}
marked() { # pids of a platform
  local want=(-e "$MARK=$1:$PLATFORMS_STATE")
  # somebody may have removed the state folder under a running platform
  if mine "$1"; then want+=(-e "$MARK=$1:$(owner "$1")"); fi
  grep -lzxF "${want[@]}" /proc/[0-9]*/environ 2>/dev/null | sed -E 's#/proc/([0-9]+)/.*#\1#' || true
}
# end_daemon PLATFORM PATTERN: ends the one daemon of a platform whose command line matches, and leaves what it has started
end_daemon() {
  local p pids=
  for p in $(marked "$1"); do
    ! tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -qE "$2" || pids="$pids $p"
  done
  [ -n "$pids" ] || die "$1: no daemon is like $2"
  kill $pids
  until_ok 40 gone $pids
}
gone() { local p; for p; do [ ! -d "/proc/$p" ] || return 1; done; }
kill_marked() { # kill_marked PLATFORM [GRACE_SECONDS]: TERM first when a grace is given, then KILL until none is left
  local i pids end=$((SECONDS + ${2:-0}))
  if [ "${2:-0}" -gt 0 ]; then
    pids=$(marked "$1"); [ -z "$pids" ] || kill $pids 2>/dev/null || true
    while [ -n "$(marked "$1")" ] && [ $SECONDS -lt "$end" ]; do sleep 0.1; done
  fi
  for i in 1 2 3 4 5 6 7 8 9 10; do
    pids=$(marked "$1"); [ -n "$pids" ] || return 0
    kill -9 $pids 2>/dev/null || true
    sleep 0.1
  done
  log "could not end: $(marked "$1" | tr '\n' ' ')"
}

# --- cgroups: one parent per platform, in every hierarchy (v1) or in the one tree (v2) --------------------------------
cgroup_dirs() { find /sys/fs/cgroup -type d \( -path "*/$1" -o -path "*/$1/*" \) 2>/dev/null; }
make_cgroup() {
  local h d
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then mkdir -p "/sys/fs/cgroup/$1"; return; fi
  for h in /sys/fs/cgroup/*/; do
    d=$h$1
    mkdir -p "$d" 2>/dev/null || continue
    # a new cpuset starts empty and would refuse every process
    if [ -e "$d/cpuset.cpus" ]; then
      cat "$h/cpuset.cpus" >"$d/cpuset.cpus"
      cat "$h/cpuset.mems" >"$d/cpuset.mems"
    fi
  done
}
kill_cgroup() { # containers survive a killed shim, so end what sits in the cgroup, then remove it
  local i pids
  for i in $(seq 50); do
    pids=$(cgroup_dirs "$1" | sed 's#$#/cgroup.procs#' | xargs -r cat 2>/dev/null | sort -u || true)
    [ -n "$pids" ] || break
    kill -9 $pids 2>/dev/null || true
    sleep 0.1
  done
  for i in $(seq 20); do
    cgroup_dirs "$1" | sort -r | xargs -r rmdir 2>/dev/null || true
    [ -n "$(cgroup_dirs "$1")" ] || return 0
    sleep 0.1
  done
}
