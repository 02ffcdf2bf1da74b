/** Values stored in this browser. If storage is forbidden, nothing is remembered. */
export function recall(name) {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {
    // A browser without storage asks again another time.
  }
}

/** The timer of a dose that runs: whose, and until when. */
export const TIMER = "dose-timer"

/** One id per browser, generated once. */
export function deviceId() {
  const known = recall("device")
  if (known) return known
  const id = crypto.randomUUID()
  remember("device", id)
  return id
}

export function deviceZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
