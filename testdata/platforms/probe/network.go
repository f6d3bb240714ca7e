package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

func ips() (list []string) {
	addresses, _ := net.InterfaceAddrs()
	for _, address := range addresses {
		if n, ok := address.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			list = append(list, n.IP.String())
		}
	}
	return list
}

func dns(name string) map[string]any {
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Second)
	defer stop()
	start := time.Now()
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	answer := map[string]any{"name": name, "addrs": addresses, "ms": time.Since(start).Milliseconds()}
	if err != nil {
		answer["err"] = err.Error()
	}
	return answer
}

func srv(name string) map[string]any {
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Second)
	defer stop()
	_, records, err := net.DefaultResolver.LookupSRV(ctx, "", "", name)
	var list []string
	for _, record := range records {
		list = append(list, fmt.Sprintf("%s:%d", record.Target, record.Port))
	}
	answer := map[string]any{"srv": list}
	if err != nil {
		answer["err"] = err.Error()
	}
	return answer
}

func tcp(address string) map[string]any {
	start := time.Now()
	connection, err := net.DialTimeout("tcp", address, 2*time.Second)
	answer := map[string]any{"addr": address, "ok": err == nil, "ms": time.Since(start).Milliseconds()}
	if err != nil {
		answer["err"] = err.Error()
		return answer
	}
	answer["remote"], answer["local"] = connection.RemoteAddr().String(), connection.LocalAddr().String()
	connection.Close()
	return answer
}

// udp sends a datagram and waits for what comes back.
func udp(address string) map[string]any {
	answer := map[string]any{"addr": address, "ok": false}
	connection, err := net.DialTimeout("udp", address, 2*time.Second)
	if err == nil {
		defer connection.Close()
		connection.SetDeadline(time.Now().Add(2 * time.Second))
		reply := make([]byte, 512)
		n := 0
		if _, err = connection.Write([]byte("ping")); err == nil {
			n, err = connection.Read(reply)
		}
		answer["ok"], answer["reply"] = err == nil, string(reply[:n])
	}
	if err != nil {
		answer["err"] = err.Error()
	}
	return answer
}

func echo(port string) {
	socket, err := net.ListenPacket("udp", ":"+port)
	if err != nil {
		fmt.Println(err)
		return
	}
	buffer := make([]byte, 512)
	for {
		n, peer, err := socket.ReadFrom(buffer)
		if err != nil {
			return
		}
		socket.WriteTo(append([]byte(who()["hostname"].(string)+" "), buffer[:n]...), peer)
	}
}

func get(url string) (int, string) {
	client := http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, Proxy: nil}}
	response, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, string(body)
}

// bind says whether the process may listen on a port.
func bind(port string) map[string]any {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return map[string]any{"ok": false, "err": err.Error()}
	}
	listener.Close()
	return map[string]any{"ok": true}
}

// grpc answers every call as grpc.health.v1.Health/Check: a message with status SERVING or NOT_SERVING. The service "live" is
// well as /livez is, $GRPC_SERVICE and the server itself as /readyz is; others are not known.
func grpc(port string) {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	server := http.Server{Addr: ":" + port, Protocols: protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service := "" // a header of 5 bytes, then field 1 as text: its number, its length, its bytes
		if request, _ := io.ReadAll(io.LimitReader(r.Body, 1<<10)); len(request) > 7 {
			service = string(request[7:])
		}
		status := byte(2)
		switch {
		case service == "live" && live.Load(), service != "live" && ready.Load():
			status = 1
		}
		if service != "" && service != "live" && service != os.Getenv("GRPC_SERVICE") {
			status = 3
		}
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Trailer", "Grpc-Status")
		w.Write([]byte{0, 0, 0, 0, 2, 8, status}) // not compressed, two bytes, field 1 as a number
		w.Header().Set("Grpc-Status", "0")
	})}
	fmt.Println(server.ListenAndServe())
}
