import { allJobs, chooseServices } from "../../services/catalog";
import { replicasOf, sizeOn } from "../../services/sizing";
import { capabilities } from "../../settings/capabilities";
import type { TaskSize } from "../aws/instance-types";

/** Every task of the catalog that may run on ECS at once, at the most replicas: what instances must hold. */
export function catalogTasks(production: boolean): TaskSize[] {
  const { managed } = capabilities.ECS_EC2;
  const services = chooseServices(() => true).filter((service) => service.data === undefined || !managed.includes(service.data.kind));
  return [
    ...services.flatMap((service) => Array.from({ length: replicasOf(service, production).max }, () => sizeOn("ECS_EC2", service))),
    ...allJobs.map((job) => sizeOn("ECS_EC2", job)),
  ];
}
