// Command pulumi-language-nodejs-front stands before the language host of Node: it passes every call on to it, and runs policy packs
// itself, which that host, the newest that is a Go module of its own, cannot do.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// version is set by the linker.
var version = "0.0.0"

// maxMessage is the size that Pulumi's own connections allow.
const maxMessage = 400 << 20

// main takes the host's executable and its arguments.
func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs-front", version, "takes a language host and its arguments")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(program string, args []string) error {
	host := exec.Command(program, args...)
	host.Stderr = os.Stderr
	output, err := host.StdoutPipe()
	if err != nil {
		return err
	}
	if err := host.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(output)
	port, err := lines.ReadString('\n')
	if err != nil {
		return fmt.Errorf("%s told no port: %w", program, err)
	}
	address := "127.0.0.1:" + strings.TrimSpace(port)
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{}), grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}), grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
		grpc.UnknownServiceHandler(front{conn}.handle))
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() { _, _ = io.Copy(os.Stdout, lines) }()
	go func() { _ = server.Serve(listener) }()
	// The host ends with the engine, and this with the host.
	return host.Wait()
}
