"""What can be done to a plan, one function for each verb, on an open document.

Each is one undo step with a label for people; several inside one `with document.edit("...")` are one step.
`DocumentError` where something named does not exist or a name is taken already.
"""

from desktop_app.document.edits.drivers import delete_driver, move_driver, put_driver, rename_driver
from desktop_app.document.edits.lines import (
    delete_line,
    exclude_line,
    include_line,
    move_line,
    put_line,
    rename_line,
    set_line_field,
    set_line_override,
)
from desktop_app.document.edits.plan import (
    apply_plan,
    delete_price_entry,
    delete_quote,
    delete_table,
    put_price_entry,
    put_quote,
    put_table,
    set_baseline,
    set_fx,
    set_measure,
    set_name,
    set_preferred,
    set_setting,
    set_texts,
)
from desktop_app.document.edits.scenarios import (
    delete_case,
    delete_scenario,
    duplicate_scenario,
    move_scenario,
    put_case,
    put_scenario,
    rename_case,
    rename_scenario,
    set_case_driver,
    set_override,
)

__all__ = [
    "apply_plan",
    "delete_case",
    "delete_driver",
    "delete_line",
    "delete_price_entry",
    "delete_quote",
    "delete_scenario",
    "delete_table",
    "duplicate_scenario",
    "exclude_line",
    "include_line",
    "move_driver",
    "move_line",
    "move_scenario",
    "put_case",
    "put_driver",
    "put_line",
    "put_price_entry",
    "put_quote",
    "put_scenario",
    "put_table",
    "rename_case",
    "rename_driver",
    "rename_line",
    "rename_scenario",
    "set_baseline",
    "set_case_driver",
    "set_fx",
    "set_line_field",
    "set_line_override",
    "set_measure",
    "set_name",
    "set_override",
    "set_preferred",
    "set_setting",
    "set_texts",
]
