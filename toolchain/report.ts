/** Receives one line of progress, without a line end. */
export type Report = (line: string) => void;
