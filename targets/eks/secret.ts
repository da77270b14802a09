import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { generatedSecret } from "../generated";
import type { Options, SecretRef, SecretSource } from "../target";
import { secretFingerprint } from "./fingerprint";
import { labelsOf } from "./labels";
import type { Namespace } from "./namespace";

/** Key of the one value of a Secret. */
export const secretKey = "value";

/** A secret on Kubernetes: a Secret of the same name. */
export class KubernetesSecret implements SecretRef {
  constructor(
    readonly secretName: string,
    readonly value: pulumi.Output<string>,
    /** Changes with the value and does not reveal it. */
    readonly fingerprint: pulumi.Output<string>,
    /** Name of the Secret once it is there. */
    readonly objectName: pulumi.Output<string>,
    /** The handle that a managed data service wants; absent on a cluster without. */
    readonly managed?: SecretRef,
  ) {}

  /** The secret behind a handle that this target made. */
  static of(reference: SecretRef): KubernetesSecret {
    if (!(reference instanceof KubernetesSecret)) throw new Error(`the secret ${reference.secretName} was made by another target`);
    return reference;
  }
}

/** The value of a secret by its source. Generated ones are protected: data that is kept was written with them. */
export function secretValue(name: string, source: SecretSource, options: Options): pulumi.Output<string> {
  switch (source.kind) {
    case "password":
    case "fernet":
      return generatedSecret(name, source, options);
    case "value":
      return pulumi.secret(source.value);
    case "text": {
      const parts = source.parts.map((part) => (part instanceof KubernetesSecret ? part.value : (part as pulumi.Input<string>)));
      return pulumi.secret(pulumi.all(parts).apply((texts) => texts.join("")));
    }
  }
}

/** Puts a value into a Secret of the namespace. Its own encryption at rest is the cluster's matter: KMS on EKS. */
export function createSecret(name: string, value: pulumi.Output<string>, place: { readonly namespace: Namespace; readonly fingerprintKey: pulumi.Output<string>; readonly stack: string; readonly managed?: SecretRef }, options: Options): KubernetesSecret {
  const object = new k8s.core.v1.Secret(name, {
    metadata: { name, namespace: place.namespace.name, labels: labelsOf(name, place.stack) },
    stringData: { [secretKey]: value },
  }, { ...options, provider: place.namespace.provider });
  const fingerprint = pulumi.unsecret(pulumi.all([place.fingerprintKey, value]).apply(([key, text]) => secretFingerprint(key, text)));
  return new KubernetesSecret(name, value, fingerprint, object.metadata.name, place.managed);
}
