"""The columns of what a quote's lines would become."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop_app.engine.kinds import KINDS
from desktop_app.exchange.quote_proposals import Proposal
from desktop_app.ui.cells import Mark
from desktop_app.ui.quote_choices import changed_fields
from desktop_app.ui.quote_rows import money
from desktop_app.ui.tables import Column

Change = Callable[..., None]


def proposal_columns(change: Change, drivers: Callable[[], Sequence[str]]) -> list[Column[Proposal]]:
    """Columns of what would be imported; `change(key, field=value)` is called for every edit."""

    def setter(name: str) -> Callable[[Proposal, str], None]:
        return lambda row, text: change(row.key, **{name: text.strip()})

    def set_as(field: str) -> Callable[[Proposal, str], None]:
        return lambda row, text: change(row.key, **changed_fields(row, field, text))

    kinds = tuple(kind.label for kind in KINDS.values())
    return [
        Column(
            "Take",
            lambda row: "✓" if row.accepted else "–",
            edit=set_as("take"),
            entry=lambda row: "take" if row.accepted else "leave out",
            choices=lambda _row: ("take", "leave out"),
            mark=lambda row: Mark.GOOD if row.accepted else Mark.MUTED,
            tip=lambda row: row.reason,
            most=8,
            help="Press Space to take a line or leave it out",
        ),
        Column(
            "Row",
            lambda row: str(row.row),
            sort=lambda row: (row.sheet, row.row),
            mark=_muted,
            right=True,
            most=7,
        ),
        Column(
            "Becomes cost line",
            lambda row: row.name,
            edit=setter("name"),
            mark=_muted,
            tip=lambda row: row.description,
            least=18,
            most=36,
        ),
        Column(
            "Amount",
            lambda row: money(row.amount, row.currency),
            sort=lambda row: row.amount,
            mark=_muted,
            right=True,
            most=20,
        ),
        Column(
            "Kind",
            lambda row: KINDS[row.kind].label,
            edit=set_as("kind"),
            choices=lambda _row: kinds,
            mark=_muted,
            most=14,
        ),
        Column("Category", lambda row: row.category, edit=setter("category"), mark=_muted, most=18),
        Column("Asset class", lambda row: row.asset_class, edit=setter("asset_class"), mark=_muted, most=18),
        Column(
            "From month",
            lambda row: row.fields.get("start", "1"),
            edit=set_as("start"),
            mark=_muted,
            right=True,
            most=11,
        ),
        Column(
            "Price index",
            lambda row: row.fields.get("price_change", ""),
            edit=set_as("price_change"),
            mark=_muted,
            right=True,
            most=12,
            help="How the price changes per year, -10% for example",
        ),
        Column(
            "Price to driver",
            lambda row: row.driver,
            edit=setter("driver"),
            words=drivers,
            mark=_muted,
            most=20,
            help="The unit price goes to this driver; where the plan has it already, no line is added",
        ),
        Column("Alternative", lambda row: row.group, mark=_muted, most=24),
        Column("Why", lambda row: row.reason, mark=lambda _row: Mark.MUTED, least=16, most=48),
    ]


def _muted(row: Proposal) -> Mark | None:
    return None if row.accepted else Mark.MUTED
