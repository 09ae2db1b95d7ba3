"""The summary for a physiotherapist as a page to print: alone in its file, without script or net."""

from collections.abc import Iterable

from bot.catalogue.words import Words
from bot.domain.safety import ClearanceItem
from bot.practice.report import Report
from bot.practice.why import explain

STYLE = """
@page { size: A4; margin: 12mm 14mm; }
body { font: 9.5pt/1.35 system-ui, sans-serif; color: #111; max-width: 182mm; margin: auto; padding: 1em; }
h1 { font-size: 14pt; margin: 0 0 .3em; }
h2 { font-size: 10.5pt; margin: .9em 0 .2em; border-bottom: 1px solid #999; break-after: avoid; }
p { margin: .25em 0; }
table { border-collapse: collapse; width: 100%; margin: .25em 0; }
table.narrow { width: auto; }
th, td { text-align: left; vertical-align: top; padding: 1px 6px 1px 0; border-bottom: 1px solid #ddd; }
th { font-weight: 600; }
.whole { white-space: nowrap; }
tr { break-inside: avoid; }
.note { border: 1px solid #111; padding: .3em .5em; }
footer { margin-top: 1em; border-top: 1px solid #999; }
section { overflow-x: auto; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 8.5pt; line-height: 1.25; } }
"""


def report_page(words: Words, report: Report, clearance: Iterable[ClearanceItem]) -> str:
    """HTML. What people told is escaped, as in every sentence."""
    items = {item.key: words.label(f"safety.item_{item.id}") for item in clearance}
    return words.say(
        "report.page",
        report=report,
        style=STYLE,
        changes=[
            (change, explain(change.decision, words) if change.decision else "")
            for change in report.changes
        ],
        safety=[
            (day, items.get(item) or words.label("report.safety_item", item=item))
            for day, item in report.safety
        ],
    )
