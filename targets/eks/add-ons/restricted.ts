/** Pod and container settings of add-ons whose charts take them, so that Pod Security "restricted" admits them. */
export const podSecurityContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } as const;

/** Of the container. */
export const containerSecurityContext = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } } as const;
