/**
 * Shows <zone-check> before the first paint, so that nothing moves: modules run after it.
 * Asks once per zone whether to follow the device's clock. A script within the element, in
 * each page; the content security policy has its hash.
 */
{
  const HALF_A_YEAR = 182 * 86_400_000
  const DISMISSED = "zone-dismissed"
  const element = document.currentScript.parentElement
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const city = zone.split("/").at(-1).replaceAll("_", " ")
  const clock = (at, timeZone) =>
    new Intl.DateTimeFormat(undefined, { timeZone, dateStyle: "short", timeStyle: "short" }).format(
      at,
    )
  const now = Date.now()
  // The same time now, and in the other half of the year.
  const isSame =
    zone === element.dataset.zone ||
    [now, now + HALF_A_YEAR].every((at) => clock(at, zone) === clock(at, element.dataset.zone))
  let dismissed = null
  try {
    // Back home: ask again on the next journey.
    if (isSame) localStorage.removeItem(DISMISSED)
    dismissed = localStorage.getItem(DISMISSED)
  } catch {
    // A browser without storage asks again on each page.
  }
  element.querySelector("[name=time_zone]").value = zone
  for (const each of element.querySelectorAll("[data-city]")) each.textContent = city
  element.hidden = isSame || dismissed === zone
}
