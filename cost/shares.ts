import type { Plan } from "../plan/plan";
import { tasksOf } from "./compute";
import { at, listAt, numberAt, textAt } from "./meter";
import { owners } from "./owner";

/** What a service reserves on machines that all services share. */
interface Reserved {
  readonly service: string;
  /** vCPU. */
  readonly cpu: number;
  readonly memoryMib: number;
}

/**
 * Each service's share of the machines, by the mean of its shares of reserved vCPU and memory; what stays unused is borne in the same
 * proportion. Empty where no service runs on shared machines.
 */
export function machineShares(plan: Plan): ReadonlyMap<string, number> {
  const reserved = [...onEcs(plan), ...onKubernetes(plan)];
  const sum = (part: "cpu" | "memoryMib"): number => reserved.reduce((total, item) => total + item[part], 0);
  const [cpu, memoryMib] = [sum("cpu"), sum("memoryMib")];
  const shares = new Map<string, number>();
  for (const item of reserved) shares.set(item.service, (shares.get(item.service) ?? 0) + (item.cpu / cpu + item.memoryMib / memoryMib) / 2);
  return shares;
}

function onEcs(plan: Plan): Reserved[] {
  return plan.resources.filter(({ type }) => type === "aws:ecs/service:Service").flatMap((service) => {
    const tasks = tasksOf(service, plan);
    return tasks === undefined ? [] : [{ service: service.name, cpu: tasks.cpu * tasks.count, memoryMib: tasks.memoryMib * tasks.count }];
  });
}

const workloads: readonly string[] = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];

function onKubernetes(plan: Plan): Reserved[] {
  const ownerOf = owners(plan);
  return plan.resources.filter(({ type }) => workloads.includes(type)).flatMap((workload) => {
    const { service } = ownerOf(workload);
    if (service === undefined) return [];
    const replicas = numberAt(workload.inputs, "spec.replicas") ?? 1;
    return listAt(workload.inputs, "spec.template.spec.containers").map((container) => {
      const requests = at(container, "resources.requests");
      return { service, cpu: quantity(textAt(requests, "cpu")) * replicas, memoryMib: (quantity(textAt(requests, "memory")) / 2 ** 20) * replicas };
    });
  });
}

const factors: Readonly<Record<string, number>> = { "": 1, m: 0.001, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** A Kubernetes quantity as a number: `500m` is 0.5, `2Gi` is 2147483648. */
export function quantity(text: string): number {
  const [, number = "0", suffix = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = factors[suffix];
  if (factor === undefined) throw new Error(`${text} is no quantity`);
  return Number(number) * factor;
}
