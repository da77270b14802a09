import type { Registered } from "../plan/record";
import { shown } from "../plan/plan";
import type { PolicyResource } from "./resource";

/** A resource that the program registered, as the rules see it: secrets masked. */
export function ofRegistered({ type, name, urn, inputs, parent, dependencies, protect, retainOnDelete }: Registered): PolicyResource {
  const props = shown(inputs);
  return {
    type, name, urn,
    props: typeof props === "object" && props !== null ? (props as Record<string, unknown>) : {},
    ...(parent === "" ? {} : { parent }),
    dependencies, protect, retainOnDelete,
  };
}
