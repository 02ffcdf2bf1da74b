/**
 * Decisions that wait for the server, in the order they were made. No browser in here.
 *
 * An entry says: this subject is in this state, as decided at `changed_at`. A newer entry
 * takes the place of one of the same subject that was never tried or was refused; entries of
 * one subject leave in order. Entries of another account are neither sent nor shown.
 *
 * @typedef {{ subject: string, action: string, fields: [string, string][], label: string,
 *   before?: string, undoes?: string, isPartial?: boolean }} Draft `before`: the state the page
 *   showed; `isPartial`: fields it does not name stay as they are
 * @typedef {Draft & { id: string, account: string, release: string, device: string,
 *   changed_at: string, attempts: number, failures: number, reason: string,
 *   state: "waiting" | "aside" | "refused" }} Entry
 * @typedef {{ outcome: "sent" | "stop" | "aside" | "refused", status?: number, reason?: string,
 *   retryAfter?: number }} Answer
 *
 * The store does `all()`, and `edit(change)`: in one transaction, give `change` all entries
 * and do what it returns, `{ put, remove }`.
 * Events: `change`; its detail has the subjects that were `sent` and those `dropped` unsent.
 */
export const SHOWN_AFTER = 3

export class Outbox extends EventTarget {
  #store
  #send
  #clock
  #about
  #lock
  #flushing = null
  #again = false

  /** The answer that stopped the last flush; null when everything could be tried. */
  stopped = null

  constructor({ store, send, clock, about, lock = (work) => work() }) {
    super()
    this.#store = store
    this.#send = send
    this.#clock = clock
    this.#about = about
    this.#lock = lock
  }

  /** Keep decisions made at one instant; resolves, once stored, with the entries kept. */
  async add(...drafts) {
    const changed_at = this.#clock().toISOString()
    const entries = drafts.map((draft) => ({
      ...draft,
      ...this.#about,
      id: crypto.randomUUID(),
      changed_at,
      attempts: 0,
      failures: 0,
      reason: "",
      state: "waiting",
    }))
    const dropped = []
    await this.#store.edit((stored) => {
      const own = stored.filter(this.#isOwn)
      const put = []
      const remove = []
      for (const entry of entries) {
        const older = own.filter(({ subject }) => subject === entry.subject).filter(isReplaceable)
        remove.push(...older)
        if (older.some((each) => isUndone(each, entry))) dropped.push(entry.subject)
        else put.push(older.reduce(replacing, entry))
      }
      return { put, remove }
    })
    this.#announce({ dropped })
    return entries.filter(({ subject }) => !dropped.includes(subject))
  }

  /** This account's entries, oldest first. */
  async entries() {
    return (await this.#store.all()).filter(this.#isOwn)
  }

  /** Send what waits; calls made meanwhile share it. Resolves with whether nothing waits now. */
  flush() {
    this.#again = true
    this.#flushing ??= this.#flushNow()
    return this.#flushing
  }

  async discard(id) {
    const dropped = []
    await this.#store.edit((stored) => {
      const remove = stored.filter((entry) => entry.id === id && this.#isOwn(entry))
      dropped.push(...remove.map(({ subject }) => subject))
      return { remove }
    })
    this.#announce({ dropped })
  }

  /** Let the next flush try an entry again that was refused or set aside. */
  async retry(id) {
    await this.#change({ id }, { state: "waiting", failures: 0, reason: "" })
    this.#announce()
  }

  async #flushNow() {
    let isEmpty
    try {
      isEmpty = await this.#lock(() => this.#drain())
    } finally {
      this.#flushing = null
    }
    return this.#again && !this.stopped ? this.flush() : isEmpty
  }

  async #drain() {
    const tried = new Set()
    this.stopped = null
    while (this.#again) {
      this.#again = false
      for (;;) {
        const entry = await this.#claim(tried)
        if (!entry) break
        tried.add(entry.id)
        const answer = await this.#send(entry)
        if (answer.outcome === "stop") {
          this.stopped = answer
          this.#announce()
          return false
        }
        await this.#settle(entry, answer)
      }
    }
    return (await this.entries()).every(({ state }) => state === "refused")
  }

  /** Count an attempt on the next entry that may go. Those set aside come last. */
  async #claim(tried) {
    let next
    await this.#store.edit((stored) => {
      const open = stored.filter((entry) => this.#isOwn(entry) && entry.state !== "refused")
      const first = open.filter(
        (entry) => open.find(({ subject }) => subject === entry.subject) === entry,
      )
      const free = first.filter(({ id }) => !tried.has(id))
      next = free.find(({ state }) => state === "waiting") ?? free[0]
      if (next) next = { ...next, attempts: next.attempts + 1 }
      return { put: next ? [next] : [] }
    })
    return next
  }

  async #settle(entry, { outcome, reason = "" }) {
    if (outcome === "sent") {
      await this.#store.edit((stored) => ({ remove: stored.filter(({ id }) => id === entry.id) }))
      this.#announce({ sent: [entry.subject] })
    } else if (outcome === "aside") {
      await this.#change(entry, { state: "aside", failures: entry.failures + 1, reason })
      this.#announce()
    } else {
      await this.#change(entry, { state: "refused", reason })
      this.#announce({ dropped: [entry.subject] })
    }
  }

  #change({ id }, values) {
    return this.#store.edit((stored) => ({
      put: stored
        .filter((entry) => entry.id === id && this.#isOwn(entry))
        .map((entry) => ({ ...entry, ...values })),
    }))
  }

  #announce({ sent = [], dropped = [] } = {}) {
    this.dispatchEvent(new CustomEvent("change", { detail: { sent, dropped } }))
  }

  #isOwn = ({ account }) => account === this.#about.account
}

/** Whether a person has to look at an entry. */
export function needsAttention({ state, failures }) {
  return state === "refused" || failures >= SHOWN_AFTER
}

export function fieldOf({ fields }, wanted) {
  return fields.find(([name]) => name === wanted)?.[1]
}

function isReplaceable({ attempts, state }) {
  return attempts === 0 || state === "refused"
}

/** `entry` in the place of `older`. */
function replacing(entry, older) {
  const names = new Set(entry.fields.map(([name]) => name))
  const kept = entry.isPartial ? older.fields.filter(([name]) => !names.has(name)) : []
  return { ...entry, fields: [...kept, ...entry.fields], before: older.before ?? entry.before }
}

/** Whether the server never hears of either: it knows the subject as it was before `older`. */
function isUndone(older, entry) {
  const wasOpen = !["taken", "skipped", "extra"].includes(older.before)
  return fieldOf(entry, "status") === "nothing" && (entry.undoes === older.id || wasOpen)
}
