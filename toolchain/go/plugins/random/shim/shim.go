// Package shim lies under the provider's path, so that it may import the provider's internal package.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	random "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// NewProvider returns the Terraform provider for random values.
func NewProvider() provider.Provider {
	return random.New()
}
