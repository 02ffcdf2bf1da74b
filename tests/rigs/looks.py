"""What can be measured on a page: accessibility, sizes of targets, overflow, large text."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / ".screenshots"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# A target in running text is exempt (WCAG 2.5.8); a hidden input counts with its label.
SMALL_TARGETS = """(least) => {
  const wanted = "a[href], button, summary, select, textarea, [role=button], [tabindex='0'], " +
    "input:not([type=hidden])"
  const union = (one, other) => ({
    left: Math.min(one.left, other.left), right: Math.max(one.right, other.right),
    top: Math.min(one.top, other.top), bottom: Math.max(one.bottom, other.bottom),
  })
  const area = (element) => [...(element.labels ?? [])]
    .map((label) => label.getBoundingClientRect())
    .reduce(union, element.getBoundingClientRect())
  const isInText = (element) => element.matches("a") && element.parentElement !== null &&
    getComputedStyle(element).display === "inline" &&
    [...element.parentElement.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "")
  const isHidden = (element) => element.closest("[inert]") !== null ||
    !element.checkVisibility({ visibilityProperty: true })
  return [...document.querySelectorAll(wanted)]
    .filter((element) => !isHidden(element) && !element.disabled && !isInText(element))
    .map((element) => ({ element, box: area(element) }))
    .map(({ element, box }) => ({
      element, width: box.right - box.left, height: box.bottom - box.top, right: box.right }))
    .filter(({ right, width, height }) => right > 0 && width > 0 && height > 0)
    .filter(({ width, height }) => width < least - 0.5 || height < least - 0.5)
    .map(({ element, width, height }) => {
      const name = element.ariaLabel || element.textContent.trim().slice(0, 30) || element.name
      return `${element.localName}.${element.className} "${name}" ` +
        `${Math.round(width)} x ${Math.round(height)}`
    })
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


def axe(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds wrong, one line for each rule and place.

    Its source is evaluated from outside the page, which the content security policy lets pass.
    """
    page.evaluate(AXE.read_text())
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],
    }
    found: Any = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def targets_below(page: Page, least: int) -> list[str]:
    """What can be tapped and is narrower or lower than `least` pixels."""
    found: list[str] = page.evaluate(SMALL_TARGETS, least)
    return found


def targets_below_44(page: Page) -> list[str]:
    """What can be tapped and is smaller than a fingertip, 44 pixels."""
    return targets_below(page, 44)


def overflows(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(OVERFLOWS)
    return found


def at_200_percent_text(page: Page) -> None:
    """Draw the page as for somebody whose browser is set to text of twice the size."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.reload()
    page.wait_for_load_state("networkidle")


def screenshot(page: Page, name: str, *, full_page: bool = True) -> Path:
    """Keep a picture of the page below `.screenshots`, for people to look at."""
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=full_page, animations="disabled")
    return path
