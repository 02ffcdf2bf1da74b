"""A page as people see it: on their screen, in their theme, with text of their size.

One load a page: screen, theme and size of text change under it, as they do under a person.
Each fault names the page and how it was looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Page, ViewportSize

from tests.support.browser import DESKTOP, PHONE, SIDEWAYS, SMALLEST
from tests.support.looks import TextSize, axe, faults_of_words, targets_below_44

Theme = Literal["light", "dark"]
Ask = Callable[[Page], list[str]]

# What a theme changes, and what width and size of text change; all else is the same.
COLOURS = ("color-contrast",)
PLACES = ("target-size", "scrollable-region-focusable", "color-contrast")
PUT_BAR = (
    "(place) => { for (const bar of document.querySelectorAll('.nav')) bar.style.position = place }"
)
# The drawn elements, each with its place.
BOXES = """() => [...document.body.querySelectorAll("*")]
  .filter((element) => element.checkVisibility())
  .map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return [`${element.localName}.${element.className}`, x, y, width, height].join(" ")
  })"""
NEW_BOXES = f"(known) => ({BOXES})().filter((each) => !known.includes(each))"


@dataclass(frozen=True)
class View:
    """One look at a page, and what is asked then."""

    size: ViewportSize
    theme: Theme
    percent: int
    asks: tuple[Ask, ...]

    @property
    def name(self) -> str:
        """Width, theme and size of text."""
        return f"{self.size['width']} px, {self.theme}, {self.percent} %"


def faults_of_layout(page: Page) -> list[str]:
    """Elements that are too wide, too small or laid over something else."""
    return [*targets_below_44(page), *faults_of_words(page)]


def faults_of_place(page: Page) -> list[str]:
    """As `faults_of_layout`, with what axe finds hidden.

    The bar at the bottom lies over whatever is scrolled there, and away again: it is put aside.
    """
    page.evaluate(PUT_BAR, "static")
    found = axe(page, only=PLACES)
    page.evaluate(PUT_BAR, "")
    return [*found, *faults_of_layout(page)]


faults_of_colour = partial(axe, only=COLOURS)


def moved_by_theme(page: Page) -> list[str]:
    """Elements that are elsewhere in the dark; without any, both themes have one layout."""
    light = page.evaluate_handle(BOXES)
    page.emulate_media(color_scheme="dark")
    moved: list[str] = page.evaluate(NEW_BOXES, light)
    page.emulate_media(color_scheme="light")
    return [f"the dark moves {each}" for each in moved]


# Everything is asked once; then what the change may have touched.
EVERYWHERE = (
    View(PHONE, "light", 100, (axe, faults_of_layout)),
    View(SIDEWAYS, "light", 100, (faults_of_layout,)),
    View(DESKTOP, "light", 100, (faults_of_layout,)),
    View(SMALLEST, "dark", 100, (faults_of_place,)),
    View(SMALLEST, "dark", 200, (faults_of_words,)),
    View(PHONE, "light", 200, (faults_of_place,)),
)
# Each screen, in both themes, with text of both sizes.
ON_EVERY_SCREEN = tuple(
    view
    for size, usual, large in (
        (PHONE, (axe, faults_of_layout), faults_of_place),
        (SIDEWAYS, (faults_of_place,), faults_of_layout),
        (DESKTOP, (faults_of_place,), faults_of_layout),
        (SMALLEST, (faults_of_place,), faults_of_layout),
    )
    for view in (
        View(size, "light", 100, (*usual, moved_by_theme)),
        View(size, "dark", 100, (faults_of_colour,)),
        View(size, "light", 200, (large, moved_by_theme)),
    )
)


class Onlooker:
    """Somebody before a page, who turns and sets the phone; only what differs is changed."""

    def __init__(self, page: Page) -> None:
        self.page, self.theme, self.text = page, "light", TextSize(page)

    def faults(self, view: View) -> list[str]:
        """The faults of the page in a view."""
        self.take(view)
        path = urlsplit(self.page.url).path
        return [f"{path}, {view.name}: {each}" for ask in view.asks for each in ask(self.page)]

    def take(self, view: View) -> None:
        """Look at the page that way."""
        if self.page.viewport_size != view.size:
            self.page.set_viewport_size(view.size)
        if self.theme != view.theme:
            self.page.emulate_media(color_scheme=view.theme)
            self.theme = view.theme
        self.text.draw(view.percent)


def check(page: Page, views: tuple[View, ...] = EVERYWHERE) -> None:
    """Fail with everything that is wrong with a page, a line each; leave it as it was found."""
    onlooker = Onlooker(page)
    found = [fault for view in views for fault in onlooker.faults(view)]
    onlooker.take(View(PHONE, "light", 100, ()))
    assert not found, "\n".join(found)
