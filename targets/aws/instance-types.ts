/** What a task takes of an instance. */
export interface TaskSize {
  /** vCPU. */
  readonly cpu: number;
  readonly memoryMib: number;
}

/** An EC2 instance type, as far as tasks of ours use it. */
export interface InstanceType extends TaskSize {
  readonly name: string;
  /** Tasks of the network mode awsvpc that it takes: a network interface each, besides its own. */
  readonly tasks: number;
}

/** Part of an instance's memory that the system keeps: ECS offers what the kernel reports (ECS developer guide, "Reserving container instance memory"). */
const systemShare = 0.07;

function m6i(size: string, cpu: number, gib: number, interfaces: number): InstanceType {
  return { name: `m6i.${size}`, cpu, memoryMib: Math.floor(gib * 1024 * (1 - systemShare)), tasks: interfaces - 1 };
}

/**
 * General purpose instances, smallest first (EC2 instance types guide: vCPU, GiB, network interfaces). Their 4 GiB a vCPU are the
 * ratio of the guide's minimum.
 */
export const instanceTypes: readonly InstanceType[] = [
  m6i("large", 2, 8, 3),
  m6i("xlarge", 4, 16, 4),
  m6i("2xlarge", 8, 32, 4),
  m6i("4xlarge", 16, 64, 8),
  m6i("8xlarge", 32, 128, 8),
  m6i("16xlarge", 64, 256, 15),
  m6i("32xlarge", 128, 512, 15),
];

/**
 * The smallest type on which each of the tasks fits alone.
 *
 * @throws Error that names the task when none is large enough
 */
export function instanceFor(tasks: readonly TaskSize[], types: readonly InstanceType[] = instanceTypes): InstanceType {
  const found = types.find((type) => tasks.every((task) => fits(task, type)));
  if (found !== undefined) return found;
  const largest = types.at(-1);
  const refused = tasks.find((task) => largest === undefined || !fits(task, largest));
  throw new Error(`no instance type holds a task of ${refused?.cpu} vCPU and ${refused?.memoryMib} MiB; the largest is ${largest?.name}: make the task smaller`);
}

/** Tasks on as few instances of a type as packing by memory finds: the largest first, each onto the first instance with room. */
export function pack<T extends TaskSize>(tasks: readonly T[], type: InstanceType): T[][] {
  const instances: T[][] = [];
  for (const task of [...tasks].sort((a, b) => b.memoryMib - a.memoryMib || b.cpu - a.cpu)) {
    const place = instances.find((placed) => hasRoom([...placed, task], type));
    if (place === undefined) instances.push([task]);
    else place.push(task);
  }
  return instances;
}

function hasRoom(tasks: readonly TaskSize[], type: InstanceType): boolean {
  const sum = tasks.reduce((total, task) => ({ cpu: total.cpu + task.cpu, memoryMib: total.memoryMib + task.memoryMib }), { cpu: 0, memoryMib: 0 });
  return tasks.length <= type.tasks && fits(sum, type);
}

function fits(task: TaskSize, type: InstanceType): boolean {
  return task.cpu <= type.cpu && task.memoryMib <= type.memoryMib;
}
