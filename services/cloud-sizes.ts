/** The guide's least size of a SomaStack application on Fargate (section 3.2): 4 vCPU, 16 GB of memory, 30 GB of disk. */
export const guideMinimum = { cpu: 4, memoryMib: 16384, diskGib: 30 } as const;
