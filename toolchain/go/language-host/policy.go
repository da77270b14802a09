package main

import (
	"errors"
	"os/exec"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// script is what Pulumi's own hosts run for a policy pack of Node, found from the pack's folder.
const script = "require('@pulumi/pulumi/cmd/run-policy-pack')"

// runPolicyPack runs a policy pack to its end and streams what it writes; the first line is its port.
func runPolicyPack(answers grpc.ServerStream, plugin *pulumirpc.RunPluginRequest) error {
	// Without a file, Node takes the first argument for the script's: `run` stands in its place.
	args := append([]string{"-e", script, "run"}, plugin.Args...)
	pack := exec.CommandContext(answers.Context(), "node", append(args, plugin.Info.GetEntryPoint())...)
	pack.Dir = plugin.Info.GetProgramDirectory()
	pack.Env = plugin.Env
	var lock sync.Mutex
	send := func(answer *pulumirpc.RunPluginResponse) error {
		data, err := proto.Marshal(answer)
		if err != nil {
			return err
		}
		lock.Lock()
		defer lock.Unlock()
		return answers.SendMsg(&data)
	}
	pack.Stdout = writer(func(text []byte) error {
		return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: text}})
	})
	pack.Stderr = writer(func(text []byte) error {
		return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: text}})
	})
	err := pack.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(pack.ProcessState.ExitCode())}})
}

// writer hands on what is written.
type writer func(text []byte) error

func (w writer) Write(text []byte) (int, error) { return len(text), w(text) }
