variable "tag" {
  default = "1.4.2"
}

job "tickets" {
  datacenters = ["dc1"]

  group "web" {
    count = 2

    network {
      mode = "bridge"
      port "http" {
        static = 8080
        to     = 8080
      }
    }

    task "web" {
      driver = "docker"

      config {
        image = "registry.example.com/tickets/web:${var.tag}"
        ports = ["http"]
      }

      env {
        STAGE = "prod"
      }

      template {
        destination = "secrets/db.env"
        env         = true
        data        = <<-EOT
          DATABASE_PASSWORD={{ with nomadVar "nomad/jobs/tickets" }}{{ .db_password }}{{ end }}
        EOT
      }

      service {
        name     = "tickets-web"
        port     = "http"
        provider = "nomad"

        check {
          type     = "http"
          path     = "/ready"
          interval = "5s"
          timeout  = "2s"
        }
      }

      resources {
        cpu    = 250
        memory = 128
      }
    }

    spread {
      attribute = "${node.datacenter}"
    }
  }
}
