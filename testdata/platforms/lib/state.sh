# shellcheck shell=bash
# What a platform leaves on disk and in /run: its state folder, rendered files, wrappers on PATH, who owns a machine-wide name.

# --- mounts and state folders -----------------------------------------------------------------------------------------
umount_below() {
  local m
  awk -v r="$1/" 'index($2, r) == 1 {print $2}' /proc/mounts | sort -r | while read -r m; do
    umount "$m" 2>/dev/null || umount -l "$m"
  done
}
# remove_state PLATFORM: copies the logs to $PLATFORMS_KEEP_LOGS first when that is set
remove_state() {
  local d=$PLATFORMS_STATE/$1
  umount_below "$d"
  if [ -n "${PLATFORMS_KEEP_LOGS:-}" ] && [ -d "$d/log" ]; then
    mkdir -p "$PLATFORMS_KEEP_LOGS"; rm -rf "${PLATFORMS_KEEP_LOGS:?}/$1"; cp -r "$d/log" "$PLATFORMS_KEEP_LOGS/$1"
  fi
  rm -rf "$d"
  rmdir "$PLATFORMS_STATE" 2>/dev/null || true
}
# render FILE TARGET KEY=VALUE...: fills in @KEY@
render() {
  local src=$1 dst=$2 kv args=(); shift 2
  for kv; do args+=(-e "s|@${kv%%=*}@|${kv#*=}|g"); done
  sed "${args[@]}" "$src" >"$dst"
}
# wrapper NAME: a small command in the folder that `up` puts on PATH; body from stdin
wrapper() {
  mkdir -p "$PLATFORMS_STATE/bin"
  { echo '#!/bin/sh'; cat; } >"$PLATFORMS_STATE/bin/$1"
  chmod 755 "$PLATFORMS_STATE/bin/$1"
}
unwrap() { # unwrap NAME...
  local n
  for n; do rm -f "$PLATFORMS_STATE/bin/$n"; done
  rmdir "$PLATFORMS_STATE/bin" "$PLATFORMS_STATE" 2>/dev/null || true
}
env_path() { echo "case :\$PATH: in *:$PLATFORMS_STATE/bin:*) ;; *) export PATH=\"$PLATFORMS_STATE/bin:\$PATH\" ;; esac"; }

# Namespaces, bridges and cgroups have machine-wide names: two state folders must not run the same platform at once.
OWNERS=/run/decamp-platforms
owner() { cat "$OWNERS/$1" 2>/dev/null || true; }
mine() { local o; o=$(owner "$1"); [ -z "$o" ] || [ "$o" = "$PLATFORMS_STATE" ] || [ ! -d "$o/$1" ]; }
claim() {
  mine "$1" || die "$1 already runs from $(owner "$1"): take it down with PLATFORMS_STATE=$(owner "$1")"
  mkdir -p $OWNERS; echo "$PLATFORMS_STATE" >"$OWNERS/$1"
}
unclaim() { rm -f "$OWNERS/$1"; rmdir $OWNERS 2>/dev/null || true; }
