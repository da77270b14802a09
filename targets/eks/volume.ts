import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Options, Profile, VolumeRef } from "../target";
import type { Cluster } from "./cluster";
import { labelsOf, noWait } from "./labels";
import type { Namespace } from "./namespace";

/** A persistent folder on Kubernetes: a claim of the stack's own, so that it grows by configuration and outlives its StatefulSet. */
export class ClaimedVolume implements VolumeRef {
  constructor(
    readonly volumeName: string,
    readonly claim: pulumi.Output<string>,
  ) {}

  /** The claim behind a handle that this target made. */
  static claimOf(reference: VolumeRef): pulumi.Output<string> {
    if (!(reference instanceof ClaimedVolume)) throw new Error(`the volume ${reference.volumeName} was made by another target`);
    return reference.claim;
  }
}

/** Claims a volume; a disk is made when the first pod uses it, where the storage class binds so. */
export function claimVolume(name: string, sizeGib: number, place: { readonly namespace: Namespace; readonly cluster: Cluster; readonly stack: string; readonly profile: Profile }, options: Options): ClaimedVolume {
  const { storageClass, provider } = place.cluster;
  const claim = new k8s.core.v1.PersistentVolumeClaim(name, {
    metadata: { name, namespace: place.namespace.name, labels: labelsOf(name, place.stack), annotations: noWait },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: `${sizeGib}Gi` } },
    },
  }, { ...options, provider, protect: place.profile.production, retainOnDelete: place.profile.retainData });
  return new ClaimedVolume(name, claim.metadata.name);
}
