"""Measure a page: accessibility, sizes of targets, overflow, large text."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

# The longest word that a head has to show whole, on the smallest screen with large text too.
LONGEST_UNBROKEN = 12
ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / ".screenshots"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# A target in running text is exempt (WCAG 2.5.8); a hidden input counts with its label. What
# is drawn too small may still answer further out, as a row does to its link: that is felt for.
# Eleven stops in one row are a slider: each has to be 44 high, and 24 wide (WCAG 2.5.8).
SMALL_TARGETS = """(least) => {
  const wanted = "a[href], button, summary, select, textarea, [role=button], [tabindex='0'], " +
    "input:not([type=hidden])"
  const union = (one, other) => ({
    left: Math.min(one.left, other.left), right: Math.max(one.right, other.right),
    top: Math.min(one.top, other.top), bottom: Math.max(one.bottom, other.bottom),
  })
  const boxOf = (element) => [...(element.labels ?? [])]
    .map((label) => label.getBoundingClientRect())
    .reduce(union, element.getBoundingClientRect())
  const isInline = (element) => getComputedStyle(element).display === "inline"
  const holdsText = ({ childNodes }) => [...childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "")
  // The text may stand around the name of a source that the link is all of.
  const isAmongWords = (element) => isInline(element) && element.parentElement !== null &&
    (holdsText(element.parentElement) || isAmongWords(element.parentElement))
  const isInText = (element) => element.matches("a") && isAmongWords(element)
  const isHidden = (element) => element.closest("[inert], [aria-hidden=true]") !== null ||
    !element.checkVisibility({ visibilityProperty: true })
  const answers = (element, x, y) => {
    const hit = document.elementFromPoint(x, y)
    return hit !== null && (element.contains(hit) || hit.closest("label")?.control === element)
  }
  const reach = (element, x, y, dx, dy) => {
    let far = 0
    while (far <= least && answers(element, x + dx * (far + 1), y + dy * (far + 1))) far += 1
    return far
  }
  const feltOf = (element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" })
    const { left, right, top, bottom } = boxOf(element)
    const [x, y] = [(left + right) / 2, (top + bottom) / 2]
    return {
      width: Math.max(right - left, 1 + reach(element, x, y, 1, 0) + reach(element, x, y, -1, 0)),
      height: Math.max(bottom - top, 1 + reach(element, x, y, 0, 1) + reach(element, x, y, 0, -1)),
    }
  }
  const isStop = (element) => element.matches(".segment > input") &&
    element.closest(".segments").childElementCount > 10
  const isSmall = ({ element, width, height }) =>
    width < (isStop(element) ? 24 : least) - 0.5 || height < least - 0.5
  const found = [...(document.querySelector("dialog[open]") ?? document).querySelectorAll(wanted)]
    .filter((element) => !isHidden(element) && !element.disabled && !isInText(element))
    .map((element) => ({ element, box: boxOf(element) }))
    .map(({ element, box }) => ({
      element, width: box.right - box.left, height: box.bottom - box.top, right: box.right }))
    .filter(({ right, width, height }) => right > 0 && width > 1 && height > 1)
    .filter(isSmall)
    .map(({ element }) => ({ element, ...feltOf(element) }))
    .filter(isSmall)
    .map(({ element, width, height }) => {
      const name = element.ariaLabel || element.textContent.trim().slice(0, 30) || element.name
      return `${element.localName}.${element.className} "${name}" ` +
        `${Math.round(width)} x ${Math.round(height)}`
    })
  scrollTo({ top: 0, behavior: "instant" })
  return found
}"""

# Elements that reach beyond the screen, unless a box of their own scrolls or clips them.
OVERFLOWS = """() => {
  const width = document.documentElement.clientWidth
  const isContained = (element) => {
    const parent = element.parentElement
    if (parent === null || parent === document.body) return false
    return getComputedStyle(parent).overflowX !== "visible" || isContained(parent)
  }
  if (document.documentElement.scrollWidth <= width) return []
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 0.5)
    .filter((element) => !isContained(element))
    .map((element) => `${element.localName}.${element.className} reaches ` +
      `${Math.round(element.getBoundingClientRect().right)} of ${width}`)
    .concat(`the page scrolls to ${document.documentElement.scrollWidth} of ${width}`)
}"""


# Words that lie over other words, in charts too. What is hidden, or clipped to a dot for screen
# readers is left out, and so is all that stands outside the page's main part or its open sheet.
OVERLAPS = """() => {
  const root = document.querySelector("dialog[open]") ?? document.querySelector("main")
  const isDot = (element) => element !== root &&
    (element.offsetWidth <= 1 && getComputedStyle(element).overflowX !== "visible" ||
      isDot(element.parentElement))
  // Of what is drawn in a hidden group the browser says that it is visible.
  const isGone = (element) => element !== root &&
    (getComputedStyle(element).display === "none" || isGone(element.parentElement))
  const isUndrawn = (element) => element.closest("defs") !== null ||
    element.closest("svg") !== null && isGone(element)
  const isLeftOut = (element) => isDot(element) || isUndrawn(element) ||
    !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const boxes = []
  while (walker.nextNode()) {
    const { currentNode: node } = walker
    if (!node.textContent.trim() || isLeftOut(node.parentElement)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const box of range.getClientRects()) {
      if (box.width > 2) boxes.push({ node, box })
    }
  }
  // Lines reach a little above and below their letters.
  const meets = ({ box: one }, { box: other }) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 3 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) >
      0.45 * Math.min(one.height, other.height)
  const said = ({ node }) => node.textContent.trim().slice(0, 30)
  return boxes.flatMap((one, place) => boxes.slice(place + 1)
    .filter((other) => other.node !== one.node && meets(one, other))
    .map((other) => `"${said(one)}" lies over "${said(other)}"`))
}"""

# Words of headings and buttons that continue on the next line without a hyphen of their own.
BROKEN_WORDS = """(most) => {
  const root = document.querySelector("dialog[open]") ?? document.querySelector("main")
  const said = []
  for (const element of root.querySelectorAll("h1, h2, h3, button, .button, .chip, .tabs a, th")) {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { currentNode: node } = walker
      if (node.parentElement.offsetWidth <= 1) continue
      // An address is one word and breaks where it must.
      if (/\\S{20}/.test(node.data)) continue
      for (const { 0: word, index } of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
        const range = document.createRange()
        range.setStart(node, index)
        range.setEnd(node, index + word.length)
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
        if (lines.size > 1 && word.length <= most) said.push(`"${word}" is broken`)
      }
    }
  }
  return said
}"""

# Nothing where its source has not been evaluated yet.
RUN_AXE = """async (options) =>
  "axe" in window ? (await axe.run(document, options)).violations : null"""
# One answer to three questions: each costs a way to the page and back.
WORDS = f"(most) => [...({OVERFLOWS})(), ...({OVERLAPS})(), ...({BROKEN_WORDS})(most)]"

TEXT_SIZE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


def axe(page: Page, *, only: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds wrong, one line for each rule and place.

    Its source is evaluated from outside the page, which the content security policy lets pass.
    """
    wanted = {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}
    options = {"runOnly": wanted, "resultTypes": ["violations"]}
    found: Any = page.evaluate(RUN_AXE, options)
    if found is None:
        page.evaluate(AXE.read_text())
        found = page.evaluate(RUN_AXE, options)
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def targets_below(page: Page, least: int) -> list[str]:
    """Targets that are narrower or lower than `least` pixels."""
    found: list[str] = page.evaluate(SMALL_TARGETS, least)
    return found


def faults_of_words(page: Page) -> list[str]:
    """What makes the page scroll sideways, words over words, and words broken in two."""
    found: list[str] = page.evaluate(WORDS, LONGEST_UNBROKEN)
    return found


def targets_below_44(page: Page) -> list[str]:
    """Targets that are smaller than a fingertip, 44 pixels."""
    return targets_below(page, 44)


class TextSize:
    """The size of text that somebody's browser is set to."""

    def __init__(self, page: Page) -> None:
        self.page, self.percent = page, 100
        self.session: CDPSession | None = None
        self.usual = 0.0

    def draw(self, percent: int) -> None:
        """Draw the page with text of a size."""
        if percent == self.percent:
            return
        if self.session is None:
            self.session = self.page.context.new_cdp_session(self.page)
            self.usual = self.page.evaluate(TEXT_SIZE)
        self.percent = percent
        sizes = {"standard": 16 * percent // 100, "fixed": 13 * percent // 100}
        self.session.send("Page.setFontSizes", {"fontSizes": sizes})
        wanted = self.usual * percent / 100
        self.page.wait_for_function(f"(size) => {TEXT_SIZE} === size", arg=wanted)


@contextmanager
def text_enlarged(page: Page, percent: int) -> Iterator[None]:
    """Draw the page as for somebody whose browser is set to text of another size."""
    text = TextSize(page)
    text.draw(percent)
    yield
    text.draw(100)


def screenshot(page: Page, name: str, *, full_page: bool = True) -> Path:
    """Keep a picture of the page below `.screenshots`, for people to look at."""
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=full_page, animations="disabled")
    return path
