package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

const runPlugin = "/pulumirpc.LanguageRuntime/RunPlugin"

// bytesCodec leaves messages as they are: what is passed on need not be understood.
type bytesCodec struct{}

func (bytesCodec) Marshal(message any) ([]byte, error) { return *message.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, message any) error {
	*message.(*[]byte) = append([]byte(nil), data...)
	return nil
}
func (bytesCodec) Name() string { return "proto" }

// front passes calls on to a host.
type front struct{ host *grpc.ClientConn }

// handle takes one call. Each of the language runtime's has one request, and one answer or a stream of them.
func (f front) handle(_ any, calls grpc.ServerStream) error {
	method, ok := grpc.MethodFromServerStream(calls)
	if !ok {
		return errors.New("a call without a method")
	}
	var request []byte
	if err := calls.RecvMsg(&request); err != nil {
		return err
	}
	if method == runPlugin {
		var plugin pulumirpc.RunPluginRequest
		if err := proto.Unmarshal(request, &plugin); err != nil {
			return err
		}
		if plugin.Kind == "analyzer" {
			return runPolicyPack(calls, &plugin)
		}
	}
	return f.pass(calls, method, request)
}

func (f front) pass(calls grpc.ServerStream, method string, request []byte) error {
	received, _ := metadata.FromIncomingContext(calls.Context())
	ctx, cancel := context.WithCancel(metadata.NewOutgoingContext(calls.Context(), received))
	defer cancel()
	answers, err := f.host.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method)
	if err != nil {
		return err
	}
	if err := answers.SendMsg(&request); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", method, err)
	}
	if err := answers.CloseSend(); err != nil {
		return err
	}
	for {
		var answer []byte
		if err := answers.RecvMsg(&answer); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := calls.SendMsg(&answer); err != nil {
			return err
		}
	}
}
