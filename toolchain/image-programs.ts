import type { GoProgram } from "./go-programs";

const program = (name: string, version: string, module: string, path: string, versionVariable = "main.version"): GoProgram => ({ name, version, module, package: path, versionVariable });

/** Programs of the substitutes that are built from Go modules, by image. */
export const opaPrograms: readonly GoProgram[] = [program("opa", "1.22.2", "opa", "github.com/open-policy-agent/opa", "github.com/open-policy-agent/opa/v1/version.Version")];

export const spicedbPrograms: readonly GoProgram[] = [
  program("spicedb", "1.56.2", "spicedb", "github.com/authzed/spicedb/cmd/spicedb"),
  program("grpc_health_probe", "0.4.61", "spicedb", "github.com/grpc-ecosystem/grpc-health-probe", "main.versionTag"),
];

export const versitygwPrograms: readonly GoProgram[] = [program("versitygw", "1.8.0", "versitygw", "github.com/versity/versitygw/cmd/versitygw", "main.Version")];

export const jaegerPrograms: readonly GoProgram[] = [
  program("jaeger", "1.76.0", "jaeger", "github.com/jaegertracing/jaeger/cmd/jaeger", "github.com/jaegertracing/jaeger/internal/version.latestVersion"),
];

export const temporalPrograms: readonly GoProgram[] = [
  program("temporal-server", "1.29.1", "temporal", "go.temporal.io/server/cmd/server"),
  program("temporal", "1.5.1", "temporal", "github.com/temporalio/cli/cmd/temporal", "github.com/temporalio/cli/internal/temporalcli.Version"),
  program("temporal-sql-tool", "1.29.1", "temporal", "go.temporal.io/server/cmd/tools/sql"),
];

export const temporalUiPrograms: readonly GoProgram[] = [program("ui-server", "2.45.1", "temporal-ui", "github.com/temporalio/ui-server/v2/cmd/server")];
