// Command pulumi-resource-kubernetes is Pulumi's own Kubernetes provider under the version of the npm package @pulumi/kubernetes.
package main

import (
	"encoding/json"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is set by the linker: the version of the npm package that the plugin serves.
var version = "0.0.0"

// main serves the provider. Its module leaves the full schema out of its packages; only imports and `pulumi package` read that.
func main() {
	schema, err := json.Marshal(map[string]string{"name": "kubernetes", "version": version})
	if err != nil {
		panic(err)
	}
	provider.Serve("kubernetes", version, schema, []byte("{}"))
}
