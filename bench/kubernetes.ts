import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { table } from "../cli/output";
import { ClusterStack } from "../test/kubernetes/stack";
import { startKubernetes, type KubernetesCluster } from "../toolchain/kubernetes-cluster";
import { median, ratio } from "./figures";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });

const namespace = "somastack-engine";
const config = {
  deploymentTarget: "EKS", deploymentMode: "DEV", softwareMode: "SomaStackClusterMode", domain: "agent.example.com",
  images: Object.fromEntries(["agent", "brain", "memory", "ops"].map((name) => [name, `registry.example.com/${name}:1.0.0`])),
};
const without = ["metrics-server", "cert-manager", "vertical-pod-autoscaler", "kube-state-metrics"];
const report = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs a stack's command. @throws Error with its output when it fails */
async function run(stack: ClusterStack, command: string, ...args: string[]): Promise<number> {
  const { code, output, seconds } = await stack.run(command, ...args);
  if (code !== 0) throw new Error(output);
  return seconds;
}

/** A stack made anew for each use: its state must not remember the last. */
async function withStack<T>(settings: object, task: (stack: ClusterStack) => Promise<T>): Promise<T> {
  const stack = await ClusterStack.create(() => undefined);
  try {
    stack.configure({ ...config, cluster: settings });
    return await task(stack);
  } finally {
    stack.dispose();
  }
}

/** First and second update of a new stack. */
function ours({ kubeconfig, context }: KubernetesCluster): Promise<{ readonly first: number; readonly second: number }> {
  return withStack({ kubeconfig, context, without }, async (stack) => {
    const [first, second] = [await run(stack, "up", "--yes", "--skip-preview"), await run(stack, "up", "--yes", "--skip-preview", "--expect-no-changes")];
    await run(stack, "state unprotect", "--all", "--yes");
    await run(stack, "destroy", "--yes", "--skip-preview");
    return { first, second };
  });
}

/** `kubectl apply` of a folder of manifests, then `kubectl wait` for all that they bring. */
async function theirs({ kubeconfig }: KubernetesCluster, folder: string): Promise<number> {
  const kubectl = async (...args: string[]): Promise<void> => void (await execa("kubectl", ["--kubeconfig", kubeconfig, ...args], { stdin: "ignore" }));
  const manifests = join(folder, "1-manifest");
  const isNamespace = (file: string): boolean => file.startsWith("v1-namespace-");
  const first = readdirSync(manifests).filter(isNamespace);
  const began = performance.now();
  await kubectl("apply", ...first.flatMap((file) => ["-f", join(manifests, file)]));
  await kubectl("apply", "-f", manifests);
  const inNamespace = ["--namespace", namespace, "--timeout=300s"];
  await Promise.all([
    kubectl("wait", "--for=condition=Available", "deployment", "--all", ...inNamespace),
    kubectl("wait", "--for=condition=Complete", "job", "--all", ...inNamespace),
    kubectl("rollout", "status", "statefulset", ...inNamespace),
  ]);
  const seconds = (performance.now() - began) / 1000;
  await kubectl("delete", "namespace", namespace, "--wait");
  return seconds;
}

/** Volumes that the last round used are free again: what a disk's owner does by hand. */
async function freeVolumes({ api }: KubernetesCluster): Promise<void> {
  for (const { metadata } of await api.list("/api/v1/persistentvolumes")) await api.request("PATCH", `/api/v1/persistentvolumes/${metadata?.name}`, { spec: { claimRef: null } });
}

async function main(): Promise<void> {
  const figures = { first: [] as number[], second: [] as number[], kubectl: [] as number[] };
  await withStack({}, async (holder) => {
    const cluster = await startKubernetes(join(holder.folder, "cluster"), { failing: { images: [], message: "" } }, report);
    const folder = join(holder.folder, "manifests");
    mkdirSync(folder);
    try {
      await withStack({ manifests: folder, without }, (stack) => run(stack, "up", "--yes", "--skip-preview"));
      for (let round = 0; round < Number(values.rounds); round += 1) {
        figures.kubectl.push(await theirs(cluster, folder));
        await freeVolumes(cluster);
        const { first, second } = await ours(cluster);
        await freeVolumes(cluster);
        figures.first.push(first);
        figures.second.push(second);
        report(`round ${round + 1}: kubectl ${figures.kubectl.at(-1)?.toFixed(1)} s, up ${first.toFixed(1)} s, second up ${second.toFixed(1)} s`);
      }
    } finally {
      await cluster.stop();
      rmSync(folder, { recursive: true });
    }
  });
  process.stdout.write(`${table([`median of ${figures.first.length}, whole process`, "somastack, s", "kubectl apply + wait, s", "ratio"], [
    ["first up, to all ready", median(figures.first).toFixed(1), median(figures.kubectl).toFixed(1), ratio(figures.first, figures.kubectl)],
    ["second up, no change", median(figures.second).toFixed(1), "-", "-"],
  ])}\n`);
}

void main();
