import type { Registered } from "../plan/record";
import { shown } from "../plan/plan";
import { secretMark, type PolicyResource } from "./resource";
import { isHidden } from "./resource";

/** A resource that the program registered, as the rules see it: secrets masked, JSON texts with a secret in them opened. */
export function ofRegistered({ type, name, urn, inputs, parent, dependencies, protect, retainOnDelete }: Registered): PolicyResource {
  const props = shown(inputs);
  return {
    type, name, urn,
    props: typeof props === "object" && props !== null ? (props as Record<string, unknown>) : {},
    ...(parent === "" ? {} : { parent }),
    dependencies, protect, retainOnDelete,
  };
}

/** A resource of a plan's JSON file, which tells neither `protect` nor `retainOnDelete`. */
export function ofPlanned(planned: { readonly urn: string; readonly type: string; readonly name: string; readonly parent: string; readonly dependencies: readonly string[]; readonly inputs: unknown }): PolicyResource {
  const { urn, type, name, parent, dependencies, inputs } = planned;
  const props = isHidden(inputs) || inputs === secretMark || typeof inputs !== "object" || inputs === null ? {} : (inputs as Record<string, unknown>);
  return { urn, type, name, props, dependencies, ...(parent === "" ? {} : { parent }) };
}
