"""The kinds of cost line. Adding one is declaring it and naming it here."""

from desktop_app.engine.kinds.assets import FLEET, PURCHASE
from desktop_app.engine.kinds.declare import Feeds, Field, Kind, Row, Shape
from desktop_app.engine.kinds.leases import LEASE
from desktop_app.engine.kinds.running import ADJUSTMENT, COMMITMENT, RECURRING, STAFF, USAGE

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (PURCHASE, FLEET, RECURRING, USAGE, COMMITMENT, LEASE, STAFF, ADJUSTMENT)
}

__all__ = ["KINDS", "Feeds", "Field", "Kind", "Row", "Shape"]
