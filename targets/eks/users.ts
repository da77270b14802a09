/** Numeric user and group of a process. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The user of SomaStack's own images and of images that nothing is known of. */
const usual: User = { uid: 1000, gid: 1000 };

/**
 * Users of upstream images, from their Dockerfiles. Images that would run as root (etcd, MinIO, Milvus) run as well as any user
 * that owns their data folder. The first that matches counts.
 */
const imageUsers: readonly (readonly [RegExp, User])[] = [
  [/(^|\/)postgres[:@].*alpine/, { uid: 70, gid: 70 }],
  [/(^|\/)postgres[:@]/, { uid: 999, gid: 999 }],
  [/(^|\/)redis[:@].*alpine/, { uid: 999, gid: 1000 }],
  [/(^|\/)redis[:@]/, { uid: 999, gid: 999 }],
  [/(^|\/)coreos\/etcd[:@]/, { uid: 65532, gid: 65532 }],
  [/(^|\/)keycloak\/keycloak[:@]/, { uid: 1000, gid: 0 }],
  [/(^|\/)authzed\/spicedb[:@]/, { uid: 65532, gid: 65532 }],
  [/(^|\/)prom\/prometheus[:@]/, { uid: 65534, gid: 65534 }],
  [/(^|\/)grafana\/grafana[:@]/, { uid: 472, gid: 0 }],
  [/(^|\/)jaegertracing\/jaeger[:@]/, { uid: 10001, gid: 10001 }],
  [/(^|\/)temporalio\/ui[:@]/, { uid: 5000, gid: 5000 }],
];

/** The user that an image is made for; 1000 when nothing is known of it. */
export function imageUser(reference: string): User {
  return imageUsers.find(([pattern]) => pattern.test(reference))?.[1] ?? usual;
}

/**
 * The numeric user of a process: admission under "restricted" refuses a name, and an image's own user may be one. A number of the
 * workload counts, else the image's.
 */
export function userOf(wanted: string | undefined, image: User): User {
  const [uid, gid] = /^(\d+)(?::(\d+))?$/.exec(wanted ?? "")?.slice(1) ?? [];
  return uid === undefined ? image : { uid: Number(uid), gid: Number(gid ?? uid) };
}
