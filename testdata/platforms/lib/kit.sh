# shellcheck shell=bash
# Sourced by every script of the kit: settings, and where built files are. Logs go to stderr: stdout of `up` is meant for eval.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$HERE/versions.env"
_cache=${XDG_CACHE_HOME:-${HOME:?}/.cache}/decamp-platforms
PLATFORMS_BIN=${PLATFORMS_BIN:-$_cache/bin}
PLATFORMS_STATE=${PLATFORMS_STATE:-$_cache/state}
PLATFORMS="engine swarm nomad kubernetes apiserver-only"

log() { echo "$*" >&2; }
die() { log "error: $*"; exit 1; }
need_root() { [ "$(id -u)" = 0 ] || die "$1 needs root (network namespaces, mounts, cgroups)"; }

# The state folder is written into config files and unix socket names, so keep it plain and short.
case $PLATFORMS_STATE in
  *[!A-Za-z0-9/._-]*) die "PLATFORMS_STATE has characters that the config files cannot carry: $PLATFORMS_STATE" ;;
  /*) [ ${#PLATFORMS_STATE} -le 60 ] || die "PLATFORMS_STATE is longer than 60 characters: socket paths would not fit" ;;
  *) die "PLATFORMS_STATE must be absolute" ;;
esac

# --- what build makes -------------------------------------------------------------------------------------------------
# artifact NAME: the path of a built file. The key holds the version and a hash of the sources, so a changed module or
# main.go never meets an old binary. (Not the Go version: `up` works without Go, and a patch release is no reason to rebuild.)
artifact() {
  local v
  case $1 in
    compose) v=$COMPOSE_VERSION ;; nomad) v=$NOMAD_VERSION ;; kubeone) v=$KUBERNETES_VERSION ;; coredns) v=$COREDNS_VERSION ;;
    caddy) v=$CADDY_VERSION ;;
    netpol | images | probe) v=dev ;;
    *) die "unknown: $1" ;;
  esac
  case $1 in
    images) echo "$PLATFORMS_BIN/images-$v-$(source_hash build versions.env probe pause mkimg busybox modules/coredns modules/caddy)" ;;
    probe) echo "$PLATFORMS_BIN/probe-$v-$(source_hash probe)" ;;
    *) echo "$PLATFORMS_BIN/$1-$v-$(source_hash "modules/$1")" ;;
  esac
}
source_hash() {
  (cd "$HERE" && { uname -m; find "$@" -type f | LC_ALL=C sort | xargs cat; } | sha256sum | cut -c1-8)
}
# have NAME...: die with the command to run when something is not built
have() {
  local n
  for n; do [ -e "$(artifact "$n")" ] || die "$n is not built: run $HERE/build $n"; done
}

for _part in processes state network; do . "$HERE/lib/$_part.sh"; done
