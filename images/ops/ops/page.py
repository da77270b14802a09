"""The combined health as a page for people; one file without script, style or font from elsewhere."""

from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --dim: light-dark(#59636e, #9198a1) }
:root { --ok: light-dark(#1a7f37, #3fb950); --bad: light-dark(#cf222e, #ff7b72) }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
h1 { font-size: 1.3rem } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid light-dark(#d1d9e0, #3d444d); vertical-align: top }
th { color: var(--dim); font-weight: 600 } .number { text-align: right; font-variant-numeric: tabular-nums }
.healthy { color: var(--ok) } .unhealthy { color: var(--bad); font-weight: 600 } .unknown, .dim { color: var(--dim) }
"""


def render(stack: str, status: str, services: dict[str, Any], interval: float) -> str:
    """The whole document; it reloads itself every interval (seconds)."""
    rows = "\n".join(row(name, entry) for name, entry in services.items())
    healthy = sum(entry["status"] == "healthy" for entry in services.values())
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{max(2, round(interval))}">
<title>{escape(stack)}: {escape(status)}</title>
<style>{STYLE}</style>
<h1>SomaStack {escape(stack)}: <span class="{escape(status)}">{escape(status)}</span>
<span class="dim">({healthy} of {len(services)} services healthy)</span></h1>
<table>
<thead><tr><th>Service<th>Layer<th>Status<th class="number">Latency<th class="number">Age<th>Error</tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p class="dim">The same as JSON: <code>curl -s localhost:8010/health</code> &middot; <a href="/metrics">metrics</a></p>
</html>
"""


def row(name: str, entry: dict[str, Any]) -> str:
    """One service's line."""
    status = escape(entry["status"])
    latency = "" if entry["latency_ms"] is None else f"{entry['latency_ms']:.1f} ms"
    age = "" if entry["age_seconds"] is None else f"{entry['age_seconds']:.1f} s"
    return (
        f'<tr><td>{escape(name)}<td class="dim">{escape(entry["layer"])}<td class="{status}">{status}'
        f'<td class="number">{latency}<td class="number">{age}<td>{escape(entry.get("error", ""))}</tr>'
    )
