import { deviceZone, recall, remember } from "../lib/device.js"

const HALF_A_YEAR = 182 * 86_400_000

/**
 * <zone-check data-zone="Europe/Berlin" hidden> asks, once per zone, whether to follow the
 * device's clock. Its form has a hidden `time_zone`, a `[data-city]` to name the place and a
 * `[data-dismiss]` button.
 */
class ZoneCheck extends HTMLElement {
  connectedCallback() {
    const zone = deviceZone()
    const isSame = sameClock(zone, this.dataset.zone)
    // Back home: ask again on the next journey.
    if (isSame) remember("zone-dismissed", null)
    const field = this.querySelector("[name=time_zone]")
    if (isSame || !field || recall("zone-dismissed") === zone) return
    field.value = zone
    for (const city of this.querySelectorAll("[data-city]")) city.textContent = cityOf(zone)
    this.querySelector("[data-dismiss]")?.addEventListener("click", () => {
      remember("zone-dismissed", zone)
      this.hidden = true
    })
    this.hidden = false
  }
}

/** Whether two zones show the same time, now and in the other half of the year. */
function sameClock(one, other) {
  const now = Date.now()
  return [now, now + HALF_A_YEAR].every((at) => wallClock(at, one) === wallClock(at, other))
}

function wallClock(at, timeZone) {
  const how = { timeZone, dateStyle: "short", timeStyle: "short" }
  return new Intl.DateTimeFormat(undefined, how).format(at)
}

function cityOf(zone) {
  return zone.split("/").at(-1).replaceAll("_", " ")
}

customElements.define("zone-check", ZoneCheck)
