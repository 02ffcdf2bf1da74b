import { recall, remember } from "./device.js"

const TIMEOUT = 10_000
const STOPPING = new Set([401, 403, 408, 429])

/** Post an entry as its form would be posted, and say what became of it. */
export async function post(entry) {
  const started = Date.now()
  let response
  try {
    response = await fetch(entry.action, {
      method: "POST",
      body: new URLSearchParams([
        ...entry.fields,
        ["changed_at", entry.changed_at],
        ["device", entry.device],
      ]),
      // Another tab may have signed in somebody else since: the server compares.
      headers: { "Outbox-Entry": entry.id, "Outbox-Account": entry.account },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
    })
    const isEchoed = response.headers.get("Outbox-Entry") === entry.id
    const outcome = outcomeOf(response.status, isEchoed)
    if (isEchoed) measureClock(response.headers.get("Date"), started, Date.now())
    return {
      outcome,
      status: response.status,
      reason: outcome === "refused" ? await reasonOf(response) : "",
      retryAfter: Number(response.headers.get("Retry-After")) || 0,
    }
  } catch {
    return { outcome: "stop" }
  }
}

/** Only an echo is our server's word: a captive portal says 200, a proxy in trouble 404. */
export function outcomeOf(status, isEchoed) {
  if (status === 500) return "aside"
  if (!isEchoed || status > 500 || STOPPING.has(status)) return "stop"
  return status < 300 ? "sent" : "refused"
}

/** The time as the server tells it; the tap's own instant, without the device's error. */
export function correctedNow() {
  return new Date(Date.now() + (Number(recall("clock-skew")) || 0))
}

/** Milliseconds to add to this clock, from the server's `Date` (whole seconds); null: unknown. */
export function skewOf(date, started, ended) {
  const told = Date.parse(date) + 500
  if (Number.isNaN(told) || ended - started > 4_000) return null
  const skew = Math.round(told - (started + ended) / 2)
  return Math.abs(skew) < 2_000 ? 0 : skew
}

function measureClock(date, started, ended) {
  const skew = skewOf(date, started, ended)
  if (skew !== null) remember("clock-skew", String(skew))
}

async function reasonOf(response) {
  const isPlain = response.headers.get("Content-Type")?.startsWith("text/plain")
  const text = isPlain ? (await response.text()).trim() : ""
  return text.slice(0, 300) || `The server did not take this (${response.status}).`
}
