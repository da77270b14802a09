import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { stringify } from "yaml";
import { buildGo } from "./go-build";
import { KubernetesApi } from "./kubernetes-api";
import { kubernetesNode, kubernetesVolumes } from "./kubernetes-objects";
import { startProcess, type RunningProcess } from "./kubernetes-process";
import { controlPlane, kwok } from "./kubernetes-programs";
import { kubernetesStages } from "./kubernetes-stages";
import type { Report } from "./report";
import { ToolchainError } from "./toolchain-error";

/** How long the API server may take to be ready, ms. */
const patience = 60_000;

/** A Kubernetes cluster on this machine alone. */
export interface KubernetesCluster {
  readonly kubeconfig: string;
  /** Name of its context. */
  readonly context: string;
  readonly api: KubernetesApi;
  /** Ends its processes; its folder stays. */
  stop(): Promise<void>;
}

/** What a cluster is like. */
export interface KubernetesClusterOptions {
  /** Images whose jobs fail, and the message that their container leaves. */
  readonly failing: { readonly images: readonly string[]; readonly message: string };
}

/**
 * Starts a real control plane (etcd, API server with its admission, controller manager, scheduler) on 127.0.0.1, with one node whose
 * pods are ready at once: KWOK stands in for the kubelet, and nothing runs in them.
 *
 * @param folder for its data, keys and logs; made when it is not there
 * @throws ToolchainError when it does not become ready, with the end of a log
 */
export async function startKubernetes(folder: string, options: KubernetesClusterOptions, report: Report): Promise<KubernetesCluster> {
  const binary = await buildGo(controlPlane, report);
  const stages = await buildGo(kwok, report);
  mkdirSync(folder, { recursive: true });
  const [etcd = 0, peers = 0, server = 0] = await freePorts(3);
  const files = writeFiles(folder, server);
  const processes: RunningProcess[] = [];
  const start = (name: string, command: string, args: readonly string[]): void => void processes.push(startProcess(name, command, args, folder));
  const stop = async (): Promise<void> => {
    for (const running of processes.reverse()) await running.stop();
  };
  try {
    const local = "http://127.0.0.1";
    start("etcd", binary, [
      "etcd", `--data-dir=${join(folder, "etcd")}`, "--unsafe-no-fsync", `--listen-client-urls=${local}:${etcd}`, `--advertise-client-urls=${local}:${etcd}`,
      `--listen-peer-urls=${local}:${peers}`, `--initial-advertise-peer-urls=${local}:${peers}`, `--initial-cluster=default=${local}:${peers}`,
    ]);
    start("kube-apiserver", binary, [
      "kube-apiserver", `--etcd-servers=${local}:${etcd}`, "--bind-address=127.0.0.1", `--secure-port=${server}`, `--cert-dir=${join(folder, "certs")}`, "--endpoint-reconciler-type=none",
      "--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=RBAC", "--disable-admission-plugins=TaintNodesByCondition", `--token-auth-file=${files.tokens}`,
      "--service-account-issuer=https://kubernetes.default.svc", `--service-account-key-file=${files.key}`, `--service-account-signing-key-file=${files.key}`,
    ]);
    const certificate = join(folder, "certs", "apiserver.crt");
    const api = new KubernetesApi(`https://127.0.0.1:${server}`, files.token, certificate);
    await ready(api, processes);
    // No kubelet reports on the node: what misses its reports would taint the node and call all pods unready.
    start("kube-controller-manager", binary, [
      "kube-controller-manager", "--controllers=*,-node-lifecycle-controller",
      `--kubeconfig=${files.kubeconfig}`, `--service-account-private-key-file=${files.key}`, `--root-ca-file=${certificate}`, "--leader-elect=false", "--secure-port=0",
    ]);
    start("kube-scheduler", binary, ["kube-scheduler", `--kubeconfig=${files.kubeconfig}`, "--leader-elect=false", "--secure-port=0"]);
    const stagesFile = join(folder, "stages.yaml");
    writeFileSync(stagesFile, kubernetesStages(options.failing));
    start("kwok", stages, [`--kubeconfig=${files.kubeconfig}`, `--config=${stagesFile}`, "--manage-all-nodes=true", "--node-lease-duration-seconds=0", "--node-port=0"]);
    for (const { path, object } of [kubernetesNode, ...kubernetesVolumes]) await api.request("POST", path, object);
    return { kubeconfig: files.kubeconfig, context, api, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const context = "somastack";

/** The files that the parts share: the key of service accounts, the administrator's token and the kubeconfig. */
function writeFiles(folder: string, port: number): { readonly key: string; readonly tokens: string; readonly token: string; readonly kubeconfig: string } {
  const token = randomBytes(16).toString("hex");
  const files = { key: join(folder, "accounts.key"), tokens: join(folder, "tokens.csv"), kubeconfig: join(folder, "kubeconfig"), token };
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs1", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } });
  writeFileSync(files.key, privateKey, { mode: 0o600 });
  writeFileSync(files.tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const cluster = { server: `https://127.0.0.1:${port}`, "certificate-authority": join(folder, "certs", "apiserver.crt") };
  writeFileSync(files.kubeconfig, stringify({
    apiVersion: "v1", kind: "Config", "current-context": context,
    clusters: [{ name: context, cluster }], users: [{ name: context, user: { token } }], contexts: [{ name: context, context: { cluster: context, user: context } }],
  }), { mode: 0o600 });
  return files;
}

async function ready(api: KubernetesApi, processes: readonly RunningProcess[]): Promise<void> {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    for (const running of processes) {
      if (running.ended !== undefined) throw new ToolchainError(`${running.name} ended: ${running.ended}. Its log ${running.log} ends with:\n${readFileSync(running.log, "utf8").slice(-1500)}`);
    }
    if (await api.isReady()) return;
    await wait(100);
  }
  throw new ToolchainError(`The API server of the cluster is not ready after ${patience / 1000} s; its log is ${processes.at(-1)?.log ?? "not there"}.`);
}

/** Ports of 127.0.0.1 that nothing listens on now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  }));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
