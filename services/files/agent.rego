# Decisions of SomaAgent01. The agent asks /v1/data/soma/agent/allow and refuses what is not allowed here.
package soma.agent

import rego.v1

default allow := false

conversation_actions := {"conversation.send", "conversation.read", "conversation.list", "conversation.create"}

tool_actions := {"tool.request", "tool.execute"}

allow if {
	input.action == "health.ready"
}

allow if {
	input.action in conversation_actions
	is_string(input.subject)
	input.subject != ""
}

allow if {
	input.action in tool_actions
	is_string(input.subject)
	input.subject != ""
	not input.resource in data.soma.denied_tools
}
