import type { GetLogEventsCommandInput, GetLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";

import { pause } from "./ecs-poll";

/** What reads a log stream; the SDK's client is one. */
export interface LogReader {
  getLogEvents(input: GetLogEventsCommandInput): Promise<Pick<GetLogEventsCommandOutput, "events">>;
}

/** Log lines that an error shows. */
const shownLines = 25;

/** Lines come a few seconds after their process: this often they are asked for while there is none. */
const tries = 4;

/**
 * The last lines of a stream, each after `  | `.
 *
 * @param wait milliseconds between two questions while there is no line
 * @returns a line that says so when the stream has none or cannot be read: a log never hides the failure that it explains
 */
export async function lastLines(logs: LogReader, group: string, stream: string, wait = 2000): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const { lines, trouble } = await read(logs, group, stream);
    if (lines.length > 0) return lines.map((line) => `  | ${line}`).join("\n");
    if (attempt === tries) return `  | (${trouble ?? "no lines"} in ${group}, stream ${stream})`;
    await pause(wait);
  }
}

async function read(logs: LogReader, group: string, stream: string): Promise<{ readonly lines: string[]; readonly trouble?: string }> {
  try {
    const { events } = await logs.getLogEvents({ logGroupName: group, logStreamName: stream, startFromHead: false, limit: shownLines });
    return { lines: (events ?? []).flatMap((event) => (event.message ?? "").trimEnd().split("\n")).filter((line) => line !== "").slice(-shownLines) };
  } catch (error) {
    return { lines: [], trouble: error instanceof Error ? error.name : String(error) };
  }
}
