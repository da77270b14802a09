import { kubernetesPlugin } from "./kubernetes-programs";

/** A program built from a Go module below toolchain/go. */
export interface GoProgram {
  /** Name of the executable. */
  readonly name: string;
  /** Folder below toolchain/go with go.mod and go.sum. */
  readonly module: string;
  /** Package to build. */
  readonly package: string;
  readonly version: string;
  /** String variable that the linker sets to the version. */
  readonly versionVariable: string;
  readonly tags?: readonly string[];
}

const sdkVersion = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The Pulumi CLI. Its version is the one that go.mod pins. */
export const pulumiCli: GoProgram = {
  name: "pulumi",
  module: "pulumi",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  version: "v3.274.1",
  versionVariable: sdkVersion,
};

/** The language host that runs the program in Node; the newest that is a Go module of its own. */
export const languageHost: GoProgram = {
  name: "pulumi-language-nodejs",
  module: "language-nodejs",
  package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  version: "v3.68.0",
  versionVariable: sdkVersion,
};

/** Stands before that host and runs policy packs, which the host cannot. */
export const languageFront: GoProgram = {
  name: "pulumi-language-nodejs-front",
  module: "language-host",
  package: ".",
  version: "v3.274.1",
  versionVariable: "main.version",
};

const bridged: readonly string[] = ["docker", "random"];

/** The bridge that serves a resource plugin, under the version of the npm package; undefined when there is none. */
export function bridge(plugin: string, version: string): GoProgram | undefined {
  if (plugin === "kubernetes") return kubernetesPlugin(version);
  if (!bridged.includes(plugin)) return undefined;
  // docker_compose is no resource of @pulumi/docker and would bring Compose with it. One set of tags shares the build cache.
  const tags = ["no_compose"];
  return { name: `pulumi-resource-${plugin}`, module: "plugins", package: `./${plugin}`, version, versionVariable: "main.version", tags };
}
