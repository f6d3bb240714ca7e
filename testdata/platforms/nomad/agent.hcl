disable_update_check = true
bind_addr            = "@IP@"

# server and client in one agent, as with -dev, but with a state that a restart does not lose
server {
  enabled          = true
  bootstrap_expect = 1
  default_scheduler_config {
    # off by default, and then memory_max is ignored with a warning
    memory_oversubscription_enabled = true
  }
}

client {
  enabled = true
  # with the loopback the services would register as 127.0.0.1, which means another host inside a container
  network_interface   = "node0"
  bridge_network_name = "decamp"
  cgroup_parent       = "decamp-nomad"
  cni_path            = "@CNI@"
  # for ports that are published on the loopback alone
  host_network "127-0-0-1" {
    cidr = "127.0.0.1/32"
  }
  options = {
    # cloud fingerprinting would call metadata addresses
    "fingerprint.denylist" = "env_aws,env_azure,env_gce,env_digitalocean,consul,vault"
    "driver.allowlist"     = "docker,raw_exec"
  }
}

plugin "docker" {
  config {
    endpoint    = "@DOCKER@"
    infra_image = "localhost/pause:dev" # the default one would be pulled
    allow_privileged = true
    volumes {
      enabled = true # for folders of the node
    }
    gc {
      image = false # nothing can pull it again
    }
  }
}
