/** An object that a cluster is given at its start, and the collection that it goes to. */
export interface InitialObject {
  readonly path: string;
  readonly object: object;
}

/** Larger than any stack: a test is about objects, not about room. */
const capacity = { cpu: "1000", memory: "4Ti", pods: "1000", "ephemeral-storage": "10Ti" } as const;

/** The one node. */
export const kubernetesNode: InitialObject = {
  path: "/api/v1/nodes",
  object: {
    apiVersion: "v1", kind: "Node",
    metadata: { name: "node", labels: { "kubernetes.io/hostname": "node", "topology.kubernetes.io/zone": "zone" } },
    status: { capacity, allocatable: capacity },
  },
};

/** How many volumes there are, and how large each is. */
const volumes = { count: 20, size: "100Gi" } as const;

/** Volumes that claims find, and the class that they are of. */
export const kubernetesVolumes: readonly InitialObject[] = [
  {
    path: "/apis/storage.k8s.io/v1/storageclasses",
    object: {
      apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "local", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "kubernetes.io/no-provisioner", volumeBindingMode: "WaitForFirstConsumer",
    },
  },
  ...Array.from({ length: volumes.count }, (_, index) => ({
    path: "/api/v1/persistentvolumes",
    object: {
      apiVersion: "v1", kind: "PersistentVolume", metadata: { name: `volume-${index}` },
      spec: { capacity: { storage: volumes.size }, accessModes: ["ReadWriteOnce"], storageClassName: "local", persistentVolumeReclaimPolicy: "Retain", hostPath: { path: `/volumes/${index}` } },
    },
  })),
];
