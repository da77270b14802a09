import type Docker from "dockerode";

/** A first start, such as a database that makes its files, must not be cut off in the middle. */
const startSeconds = 120;
/** Time to end in order, seconds. */
const stopSeconds = 30;
const pollMs = 250;

/** Removes a container without harm to its data: waits until its start is over, ends it in order, then removes it. */
export async function retireContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  const deadline = Date.now() + startSeconds * 1000;
  while (Date.now() < deadline && (await isStarting(container))) await new Promise((resolve) => setTimeout(resolve, pollMs));
  await container.stop({ t: stopSeconds }).catch((error: unknown) => {
    if (!isStopped(error)) throw error;
  });
  await container.remove({ force: true });
}

async function isStarting(container: Docker.Container): Promise<boolean> {
  const { State: state } = await container.inspect();
  return state.Running && !state.Restarting && state.Health?.Status === "starting";
}

/** The engine's way to say that a container does not run already. */
function isStopped(error: unknown): boolean {
  return error instanceof Error && "statusCode" in error && error.statusCode === 304;
}
