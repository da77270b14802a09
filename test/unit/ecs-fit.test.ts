import assert from "node:assert/strict";
import fc from "fast-check";

import { allJobs, chooseServices } from "../../services/catalog";
import { sizeOn } from "../../services/sizing";
import { fargateSizes, fittingSize } from "../../settings/capabilities";
import { catalogTasks } from "../../targets/ecs/catalog-tasks";
import { instanceFor, instanceTypes, pack, type TaskSize } from "../../targets/aws/instance-types";

const task = fc.record({ cpu: fc.constantFrom(0.25, 0.5, 1, 2, 4, 8, 16), memoryMib: fc.integer({ min: 128, max: 100_000 }) });
const tasks = fc.array(task, { maxLength: 40 });

function sum(sizes: readonly TaskSize[], part: keyof TaskSize): number {
  return sizes.reduce((total, size) => total + size[part], 0);
}

describe("fit of tasks on Fargate", () => {
  it("is the smallest size offered that holds the wanted one", () => {
    fc.assert(fc.property(task, (wanted) => {
      const found = fittingSize(wanted, fargateSizes);
      const holding = fargateSizes.flatMap(({ cpu, memoryMib }) => memoryMib.map((memory) => ({ cpu, memoryMib: memory })))
        .filter((size) => size.cpu >= wanted.cpu && size.memoryMib >= wanted.memoryMib);
      if (found === undefined) return holding.length === 0;
      return holding.some((size) => size.cpu === found.cpu && size.memoryMib === found.memoryMib)
        && holding.every((size) => size.cpu > found.cpu || (size.cpu === found.cpu && size.memoryMib >= found.memoryMib));
    }));
  });

  it("gives every service and job of the catalog an offered size and at least what it wants", () => {
    for (const item of [...chooseServices(() => true), ...allJobs]) {
      const size = sizeOn("FARGATE", item);
      assert.ok(fargateSizes.some(({ cpu, memoryMib }) => cpu === size.cpu && memoryMib.includes(size.memoryMib)), `${item.name}: ${JSON.stringify(size)}`);
      const wanted = sizeOn("ECS_EC2", item);
      assert.ok(size.cpu >= wanted.cpu && size.memoryMib >= wanted.memoryMib, item.name);
    }
  });
});

describe("fit of tasks on instances", () => {
  it("chooses the smallest type on which each task fits", () => {
    fc.assert(fc.property(tasks, (wanted) => {
      const found = instanceFor(wanted);
      const smaller = instanceTypes.slice(0, instanceTypes.indexOf(found));
      return wanted.every((size) => size.cpu <= found.cpu && size.memoryMib <= found.memoryMib)
        && smaller.every((type) => wanted.some((size) => size.cpu > type.cpu || size.memoryMib > type.memoryMib));
    }));
  });

  it("names a task that no type holds", () => {
    assert.throws(() => instanceFor([{ cpu: 1, memoryMib: 600_000 }]), /no instance type holds a task of 1 vCPU and 600000 MiB/);
  });

  it("packs every task once and no instance over its limits", () => {
    fc.assert(fc.property(tasks, (wanted) => {
      const type = instanceFor(wanted);
      const placed = pack(wanted, type);
      assert.deepEqual(placed.flat().sort(order), [...wanted].sort(order));
      for (const instance of placed) {
        assert.ok(instance.length > 0 && instance.length <= type.tasks);
        assert.ok(sum(instance, "cpu") <= type.cpu && sum(instance, "memoryMib") <= type.memoryMib);
      }
    }));
  });

  it("packs so that no two instances would fit on one", () => {
    fc.assert(fc.property(tasks, (wanted) => {
      const type = instanceFor(wanted);
      const placed = pack(wanted, type);
      return placed.every((a, i) => placed.slice(i + 1).every((b) => {
        const both = [...a, ...b];
        return both.length > type.tasks || sum(both, "cpu") > type.cpu || sum(both, "memoryMib") > type.memoryMib;
      }));
    }));
  });

  it("holds the catalog, whose largest task has the guide's minimum", () => {
    for (const production of [true, false]) {
      const all = catalogTasks(production);
      assert.equal(Math.max(...all.map((size) => size.memoryMib)), 16_384);
      const type = instanceFor(all);
      assert.equal(type.name, "m6i.2xlarge");
      assert.equal(pack(all, type).flat().length, all.length);
    }
    assert.ok(catalogTasks(true).length > catalogTasks(false).length);
  });
});

function order(a: TaskSize, b: TaskSize): number {
  return a.cpu - b.cpu || a.memoryMib - b.memoryMib;
}
