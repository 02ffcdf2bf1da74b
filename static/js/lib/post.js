import { recall, remember } from "./device.js"

const TIMEOUT = 10_000
const REACHED_WITHIN = 3_000
const STOPPING = new Set([401, 403, 408, 429])

/**
 * Post an entry as its form would be posted, and return the outcome: with the server's reason
 * where it refused in words.
 */
export async function post(entry) {
  const started = Date.now()
  // Another tab may have signed in somebody else since: the server compares.
  const headers = { "Outbox-Entry": entry.id, "Outbox-Account": entry.account }
  if (!entry.skew) headers["Outbox-Clock"] = String(started)
  let response
  try {
    response = await fetch(entry.action, {
      method: "POST",
      body: bodyOf(entry),
      headers,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(entry.isLarge ? 12 * TIMEOUT : TIMEOUT),
    })
    const isEchoed = response.headers.get("Outbox-Entry") === entry.id
    const told = Number(response.headers.get("Strand-Clock"))
    const outcome = told ? "stop" : outcomeOf(response.status, isEchoed)
    if (isEchoed) measureClock(response.headers.get("Date"), started, Date.now())
    return {
      outcome,
      status: response.status,
      reason: outcome === "refused" ? await reasonOf(response) : "",
      asks: response.headers.get("Strand-Asks"),
      retryAfter: Number(response.headers.get("Retry-After")) || 0,
      savedAt: Number(response.headers.get("Strand-Saved-At")),
      clockOff: told && told - started,
    }
  } catch {
    return { outcome: "stop" }
  }
}

function bodyOf({ fields, changed_at, device, isLarge }) {
  const body = isLarge ? new FormData() : new URLSearchParams()
  for (const [name, value] of [...fields, ["changed_at", changed_at], ["device", device]]) {
    body.append(name, value)
  }
  return body
}

/** Only an echo proves our server's answer: a captive portal says 200, a failing proxy 404. */
export function outcomeOf(status, isEchoed) {
  if (status === 500) return "aside"
  if (!isEchoed || status > 500 || STOPPING.has(status)) return "stop"
  return status < 300 ? "sent" : "refused"
}

/** The device's error, in milliseconds, as far as it is known. */
export function knownSkew() {
  return Number(recall("clock-skew")) || 0
}

/** The time as the server tells it; the tap's own instant, without the device's error. */
export function correctedNow() {
  return new Date(Date.now() + knownSkew())
}

/**
 * Milliseconds to add to this clock, from the server's `Date` (whole seconds); null: unknown.
 * A difference that the round trip explains is not a skew.
 */
export function skewOf(date, started, ended) {
  const told = Date.parse(date) + 500
  if (Number.isNaN(told) || ended - started > 4_000) return null
  const skew = Math.round(told - (started + ended) / 2)
  return Math.abs(skew) < 2_000 + (ended - started) / 2 ? 0 : skew
}

/** Whether the server answers at all, within three seconds. */
export async function isServerThere() {
  const options = { cache: "no-store", signal: AbortSignal.timeout(REACHED_WITHIN) }
  const answer = await fetch(document.body.dataset.health, options).catch(() => null)
  return Boolean(answer?.ok)
}

function measureClock(date, started, ended) {
  const skew = skewOf(date, started, ended)
  if (skew !== null) remember("clock-skew", String(skew))
}

async function reasonOf(response) {
  const isPlain = response.headers.get("Content-Type")?.startsWith("text/plain")
  const text = isPlain ? (await response.text()).trim() : ""
  return text.slice(0, 300)
}
