# Decisions of SomaBrain, in a package of its own: its default differs from the agent's.
package soma.brain

import rego.v1

default allow := true

allow := false if {
	input.action == "state.delete"
	not input.subject == "system"
}
