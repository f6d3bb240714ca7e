//go:build tools

// Package tools keeps the program in go.mod, so that its version is pinned with go.sum.
package tools

import _ "github.com/caddyserver/caddy/v2/cmd/caddy"
