/** Runs at most `slots` of the tasks given to it at a time, in the order they came. */
export class Limit {
  private readonly waiting: (() => void)[] = [];

  constructor(private slots: number) {}

  /** Runs the task when a slot is free; its result and its error are the caller's. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.slots === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.slots -= 1;
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.slots += 1;
      else next();
    }
  }
}
