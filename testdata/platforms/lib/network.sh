# shellcheck shell=bash
# The network namespaces of a platform.

# make_net NAME NODE_IP WORLD_IP HOST_LEG NODE_LEG: two network namespaces.
#   decamp-NAME        the node: its only default route leads to decamp-NAME-world
#   decamp-NAME-world  "the Internet": WORLD_IP, and 203.0.113.7 where a probe answers on port 80
# A further link lets programs of this machine reach NODE_IP. No packet can leave the machine, nothing meets the host's
# own firewall rules, and clean-up is the removal of two namespaces.
make_net() {
  local ns=decamp-$1 w=decamp-$1-world host=dp-$1
  ip netns add "$ns"; ip netns add "$w"
  ip link add node0 netns "$ns" type veth peer name ext0 netns "$w"
  ip -n "$ns" link set lo up; ip -n "$w" link set lo up
  ip -n "$ns" addr add "$2/24" dev node0; ip -n "$ns" link set node0 up
  ip -n "$w" addr add "$3/24" dev ext0; ip -n "$w" link set ext0 up
  ip -n "$w" addr add 203.0.113.7/32 dev lo
  ip -n "$ns" route add default via "$3"
  ip link add "$host" type veth peer name host0 netns "$ns"
  ip addr add "$4/30" dev "$host"; ip link set "$host" up
  ip -n "$ns" addr add "$5/30" dev host0; ip -n "$ns" link set host0 up
  ip route add "$2/32" via "$5" dev "$host"
  nsenter --net="/run/netns/$ns" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
    [ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables'
}
del_net() {
  local n
  ip link del "dp-$1" 2>/dev/null || true
  for n in "decamp-$1" "decamp-$1-world"; do [ ! -e "/run/netns/$n" ] || ip netns del "$n"; done
}
# Not `ip netns exec`: that remounts /sys and hides the cgroup v1 mounts.
in_net() { local n=$1; shift; nsenter --net="/run/netns/decamp-$n" "$@"; }
