/** Topics of the agent and of the brain; three partitions each. */
export const topics = [
  "conversation.inbound", "conversation.outbound", "tool.requests", "tool.results", "memory.wal", "somastack.delegation",
  "audit.events", "degradation.events",
  "cog.global.frame", "cog.next_event", "cog.action.updates", "cog.state.updates", "cog.agent.updates", "cog.config.updates",
  "cog.segments",
] as const;
