"""Verbs for the plan as a whole: name, conventions, words, currencies, measures, tables, prices, quotes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from desktop_app.document import rows
from desktop_app.document.document import Document
from desktop_app.document.edits.common import delete_row, set_pair, the_row
from desktop_app.document.errors import DocumentError
from desktop_app.document.storing import append, find, put, store_plan, store_single, store_table, update
from desktop_app.engine.model import Plan, PriceEntry, QuoteRecord, Settings, Table, Texts


def apply_plan(doc: Document, plan: Plan, label: str = "Replace the plan") -> None:
    """Make the document equal to a plan, with no more row changes than needed."""
    with doc.edit(label):
        store_plan(doc.db, plan)


def set_name(doc: Document, name: str) -> None:
    """Name the plan."""
    with doc.edit("Rename the plan"):
        update(doc.db, "plan", doc.db.table("plan").get(1), {"name": name})


def set_baseline(doc: Document, scenario: str) -> None:
    """Choose the scenario that others are compared with ("": none)."""
    _set_role(doc, "baseline", scenario)


def set_preferred(doc: Document, scenario: str) -> None:
    """Choose the scenario that is put forward ("": none)."""
    _set_role(doc, "preferred", scenario)


def set_setting(doc: Document, field: str, value: str | int | dt.date) -> None:
    """Change one convention; `DocumentError` where the value is not of the field's kind."""
    known = getattr(Settings(), field)
    if isinstance(value, bool) or not isinstance(value, type(known)):
        kind = {str: "a text", int: "a whole number", dt.date: "a date"}[type(known)]
        raise DocumentError(f"The setting “{field}” must be {kind}.")
    with doc.edit(f"Change the setting {field}"):
        settings = replace(doc.plan.settings, **{field: value})  # type: ignore[arg-type]
        store_single(doc.db, "settings", rows.settings_row(settings))


def set_texts(doc: Document, texts: Texts) -> None:
    """Change the words for the board."""
    with doc.edit("Change the texts"):
        store_single(doc.db, "texts", rows.texts_row(texts))


def set_fx(doc: Document, currency: str, formula: str | None) -> None:
    """Set the price of a currency in the plan's currency; None removes it."""
    with doc.edit(f"Change the rate of {currency}"):
        set_pair(doc, "fx", {"currency": currency}, None if formula is None else {"formula": formula})


def set_measure(doc: Document, name: str, formula: str | None) -> None:
    """Set the formula of a measure; None removes it."""
    with doc.edit(f"Change the measure {name}"):
        set_pair(doc, "measure", {"name": name}, None if formula is None else {"formula": formula})


def put_table(doc: Document, table: Table) -> None:
    """Add a lookup table, or make the one of that name equal to it."""
    word = "Add" if find(doc.db, "lookup_table", table.name) is None else "Change"
    with doc.edit(f"{word} table {table.name}"):
        store_table(doc.db, table)


def delete_table(doc: Document, name: str) -> None:
    """Delete a lookup table."""
    with doc.edit(f"Delete table {name}"):
        delete_row(doc, "lookup_table", name)


def put_price_entry(doc: Document, entry: PriceEntry) -> None:
    """Add a reference price, or replace the one of that name and date; prices of other dates are kept."""
    same = list(doc.db.table("price").rows_where("name = ? AND date = ?", [entry.name, entry.date], limit=1))
    with doc.edit(f"{'Change' if same else 'Add'} price {entry.name}"):
        if same:
            update(doc.db, "price", same[0], rows.price_row(entry))
        else:
            append(doc.db, "price", rows.price_row(entry))


def delete_price_entry(doc: Document, name: str, date: str) -> None:
    """Delete the reference price of a name and date."""
    with doc.edit(f"Delete price {name}"):
        the_row(doc, "price", name)
        doc.db.table("price").delete_where("name = ? AND date = ?", [name, date])


def put_quote(doc: Document, quote: QuoteRecord) -> None:
    """Add an imported quote, or replace the one of that key."""
    with doc.edit(f"Import quote {quote.quote_number or quote.file_name}"):
        put(doc.db, "quote", rows.quote_row(quote))


def delete_quote(doc: Document, key: str) -> None:
    """Forget an imported quote; values taken from it keep saying so."""
    with doc.edit(f"Delete quote {key}"):
        delete_row(doc, "quote", key)


def _set_role(doc: Document, role: str, scenario: str) -> None:
    with doc.edit(f"Choose the {role} scenario"):
        if scenario:
            the_row(doc, "scenario", scenario)
        update(doc.db, "plan", doc.db.table("plan").get(1), {role: scenario})
