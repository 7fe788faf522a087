"""How Outlay looks: a dozen colour tokens, light and dark, made into one palette for the whole
application.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

SYSTEM, LIGHT, DARK = "system", "light", "dark"
CHOICES = (SYSTEM, LIGHT, DARK)
_KEY = "appearance"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours everything is drawn with. Text on its ground has a contrast of at least 4.5 to 1."""

    window: str
    base: str
    stripe: str
    text: str
    muted: str
    line: str
    accent: str
    on_accent: str
    mark: str
    good: str
    warning: str
    error: str


LIGHT_TOKENS = Tokens(
    window="#f4f5f7",
    base="#ffffff",
    stripe="#f8f9fb",
    text="#1c2430",
    muted="#5b6675",
    line="#d3d8df",
    accent="#1f5fa8",
    on_accent="#ffffff",
    mark="#dbe8f7",
    good="#2b7a4b",
    warning="#8a5a00",
    error="#b3261e",
)
DARK_TOKENS = Tokens(
    window="#2a2e35",
    base="#1b1e23",
    stripe="#20242a",
    text="#e8ebf0",
    muted="#a7b0bc",
    line="#4a525e",
    accent="#5b9be6",
    on_accent="#0d1420",
    mark="#27405e",
    good="#6fc492",
    warning="#e0b050",
    error="#ff8a80",
)


def chosen() -> str:
    """What the user chose: "system", "light" or "dark"."""
    value = str(QSettings().value(_KEY, SYSTEM))
    return value if value in CHOICES else SYSTEM


def choose(choice: str) -> None:
    """Remembers a choice and applies it at once."""
    QSettings().setValue(_KEY, choice)
    apply(choice)


def apply(choice: str) -> None:
    """Gives the whole application the palette of a choice; "system" follows the desktop's own setting."""
    hints = QGuiApplication.styleHints()
    scheme = {LIGHT: Qt.ColorScheme.Light, DARK: Qt.ColorScheme.Dark}.get(choice, Qt.ColorScheme.Unknown)
    if scheme == Qt.ColorScheme.Unknown:
        hints.unsetColorScheme()
        dark = hints.colorScheme() == Qt.ColorScheme.Dark
    else:
        hints.setColorScheme(scheme)
        dark = scheme == Qt.ColorScheme.Dark
    QApplication.setPalette(palette(DARK_TOKENS if dark else LIGHT_TOKENS))


def follow_system() -> None:
    """Applies the user's choice now, and again whenever the desktop changes between light and dark."""
    apply(chosen())
    QGuiApplication.styleHints().colorSchemeChanged.connect(_system_changed)


def _system_changed(scheme: Qt.ColorScheme) -> None:
    if chosen() == SYSTEM:
        QApplication.setPalette(palette(DARK_TOKENS if scheme == Qt.ColorScheme.Dark else LIGHT_TOKENS))


def is_dark(colours: QPalette) -> bool:
    """True if the palette has light text on a dark ground."""
    return colours.color(QPalette.ColorRole.Window).lightness() < 128


def tokens(colours: QPalette | None = None) -> Tokens:
    """The tokens of a palette, the application's own by default."""
    return DARK_TOKENS if is_dark(colours or QApplication.palette()) else LIGHT_TOKENS


def palette(tokens: Tokens) -> QPalette:
    """A Fusion palette of the tokens."""
    role = QPalette.ColorRole
    made = QPalette()
    dark = QColor(tokens.window).lightness() < 128
    for target, colour in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.base),
        (role.AlternateBase, tokens.stripe),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Button, "#373c45" if dark else tokens.window),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.error),
        (role.ToolTipBase, tokens.base),
        (role.ToolTipText, tokens.text),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Accent, tokens.accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.Mid, tokens.line),
        (role.Midlight, tokens.line),
        (role.Light, "#414852" if dark else "#ffffff"),
        (role.Dark, "#15181c" if dark else "#aab2bd"),
        (role.Shadow, "#000000" if dark else "#6d7683"),
    ):
        made.setColor(target, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for target in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        faded = QColor(tokens.muted)
        faded.setAlphaF(0.7)
        made.setColor(disabled, target, faded)
    made.setColor(disabled, role.Highlight, QColor(tokens.line))
    return made
