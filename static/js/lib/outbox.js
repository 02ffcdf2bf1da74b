/**
 * Decisions that wait for the server, in the order they were made. Needs no browser.
 *
 * An entry says: this subject is in this state, as decided at `changed_at`. A newer entry
 * takes the place of one of the same subject that was never tried or was refused; entries of
 * one subject leave in order. Entries of another account are neither sent nor shown. What was
 * sent is remembered for a week: a page that was read before lacks it.
 *
 * @typedef {{ subject: string, action: string, fields: [string, string][], label: string,
 *   name?: string, amount?: string, isLess?: boolean, before?: string, undoes?: string,
 *   isPartial?: boolean,
 *   isLarge?: boolean, page?: string }} Draft `label`: what notices call it, `name`: without
 *   its `amount`; `isLess`: less than planned; `before`: the state the page showed; `page`: the
 *   address of its form; `isPartial`: fields it does not name stay as they are; `isLarge`: it holds a file
 * @typedef {Draft & { id: string, account: string, release: string, device: string, skew: number,
 *   changed_at: string, attempts: number, failures: number, reason: string,
 *   status?: number,
 *   state: "waiting" | "aside" | "refused" | "sent", savedAt?: number }} Entry `savedAt`: when the
 *   server had it, in its own microseconds; `status`: with which it was refused; `skew`: milliseconds added to the device's clock
 * @typedef {{ outcome: "sent" | "stop" | "aside" | "refused", status?: number, reason?: string,
 *   asks?: string,
 *   retryAfter?: number, savedAt?: number, clockOff?: number }} Answer `clockOff`: milliseconds
 *   by which this device's clock is behind, where that has to be asked about; `asks`: the field
 *   that takes a refused entry all the same
 *
 * The store does `all()`, and `edit(change)`: in one transaction, give `change` all entries
 * and do what it returns, `{ put, remove }`.
 * Events: `change`; its detail has this account's `entries` where they are known without reading.
 */
export const SHOWN_AFTER = 3
const A_WEEK = 7 * 86_400_000

export class Outbox extends EventTarget {
  #store
  #send
  #clock
  #about
  #lock
  #flushing = null
  #again = false

  /** The answer that stopped the last flush; null if everything could be tried. */
  stopped = null

  constructor({ store, send, clock, about, lock = (work) => work() }) {
    super()
    this.#store = store
    this.#send = send
    this.#clock = clock
    this.#about = about
    this.#lock = lock
  }

  /** Store decisions made at one instant; resolves, once stored, with the entries. */
  async add(...drafts) {
    const now = this.#clock()
    const entries = drafts.map((draft) => ({
      ...draft,
      ...this.#about,
      id: crypto.randomUUID(),
      attempts: 0,
      failures: 0,
      reason: "",
      state: "waiting",
    }))
    let kept
    let after
    await this.#store.edit((stored) => {
      const own = stored.filter(this.#isOwn)
      const remove = []
      kept = []
      for (const entry of entries) {
        const same = own.filter(({ subject }) => subject === entry.subject)
        if (isAnswered(same.at(-1)) && givesWay(entry, same.at(-1))) continue
        const older = same.filter((each) => isReplaceable(each) && replaces(entry, each))
        entry.changed_at = laterThan(same, now)
        const undone = older.filter(({ id }) => id === entry.undoes)
        remove.push(...(undone.length ? undone : older))
        if (undone.length || isUndone(older[0], entry)) continue
        kept.push(older.reduce(replacing, entry))
      }
      after = [...own.filter((entry) => !remove.includes(entry)), ...kept]
      return { put: kept, remove }
    })
    this.#announce(after)
    return kept
  }

  /** This account's entries that wait or were refused, oldest first. */
  async entries() {
    return (await this.#store.all()).filter(this.#isOwn).filter(({ state }) => state !== "sent")
  }

  /** The entries that a page read at `readAt` lacks: waiting ones, and those sent since. */
  async news(readAt) {
    return newsOf((await this.#store.all()).filter(this.#isOwn), readAt)
  }

  /** Send what waits; calls made meanwhile share it. Resolves with whether nothing waits now. */
  flush() {
    this.#again = true
    this.#flushing ??= this.#flushNow()
    return this.#flushing
  }

  discard(id) {
    return this.#remove((entry) => entry.id === id)
  }

  /** Delete everything of this account. */
  forget() {
    return this.#remove(() => true)
  }

  /** Let the next flush try an entry again that was refused or set aside. */
  async retry(id) {
    await this.#change({ id }, { state: "waiting", failures: 0, reason: "" })
    this.#announce()
  }

  /** Confirm an entry that the server asked about, in the field that it named. */
  async confirm({ id, fields, asks }) {
    await this.#change(
      { id },
      { state: "waiting", reason: "", asks: null, fields: [...fields, [asks, "yes"]] },
    )
    this.#announce()
  }

  /** The clock was `off`: shift its entries by that much, or keep their times. */
  async settleClock(off, isMoved) {
    await this.#store.edit((stored) => ({
      put: stored
        .filter((entry) => this.#isOwn(entry) && entry.state !== "sent" && !entry.skew)
        .map((entry) => ({
          ...entry,
          skew: off,
          changed_at: isMoved ? moved(entry.changed_at, off) : entry.changed_at,
        })),
    }))
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

  /** Count an attempt on the next entry that may go: photos after forms, those set aside last. */
  async #claim(tried) {
    let next
    await this.#store.edit((stored) => {
      const open = stored.filter(
        (entry) => this.#isOwn(entry) && !["refused", "sent"].includes(entry.state),
      )
      const first = open.filter(
        (entry) => open.find(({ subject }) => subject === entry.subject) === entry,
      )
      const free = first.filter(({ id }) => !tried.has(id))
      const waiting = free.filter(({ state }) => state === "waiting")
      next = waiting.find(({ isLarge }) => !isLarge) ?? waiting[0] ?? free[0]
      if (next) next = { ...next, attempts: next.attempts + 1 }
      return { put: next ? [next] : [] }
    })
    return next
  }

  async #settle(entry, { outcome, status, reason = "", savedAt = 0, asks }) {
    if (outcome === "sent") await this.#remember(entry, savedAt)
    else if (outcome === "refused")
      await this.#change(entry, { state: "refused", status, reason, asks })
    else await this.#change(entry, { state: "aside", failures: entry.failures + 1, reason })
    this.#announce()
  }

  /** Store a sent entry without its file, replacing the last sent one of the subject. */
  #remember(entry, savedAt) {
    const oldest = this.#clock() - A_WEEK
    const isPast = ({ state, subject, changed_at }) =>
      state === "sent" && (subject === entry.subject || Date.parse(changed_at) < oldest)
    const fields = entry.fields.filter(([, value]) => typeof value === "string")
    return this.#store.edit((stored) => ({
      remove: stored.filter(this.#isOwn).filter(isPast),
      put: [{ ...entry, fields, state: "sent", savedAt }],
    }))
  }

  async #remove(isWanted) {
    await this.#store.edit((stored) => ({
      remove: stored.filter((entry) => this.#isOwn(entry) && isWanted(entry)),
    }))
    this.#announce()
  }

  #change({ id }, values) {
    return this.#store.edit((stored) => ({
      put: stored
        .filter((entry) => entry.id === id && this.#isOwn(entry))
        .map((entry) => ({ ...entry, ...values })),
    }))
  }

  #announce(entries) {
    this.dispatchEvent(new CustomEvent("change", { detail: { entries } }))
  }

  #isOwn = ({ account }) => account === this.#about.account
}

/** The entries of an account that a page read at `readAt` lacks. */
export function newsOf(entries, readAt) {
  return entries.filter(({ state, savedAt }) =>
    state === "sent" ? savedAt >= readAt : state !== "refused",
  )
}

/** The doses without a slot that entries log by the form `action` on a day. */
export function dosesWithoutSlot(entries, action, on) {
  return entries.filter(
    (entry) =>
      entry.action === action &&
      fieldOf(entry, "due_on") === on &&
      fieldOf(entry, "status") === "taken" &&
      !fieldOf(entry, "due_time"),
  )
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

/** Later than the previous decision about the subject, even if the clock changed since. */
function laterThan(same, now) {
  const last = Math.max(...same.map(({ changed_at }) => Date.parse(changed_at) + 1))
  return new Date(Math.max(now, last)).toISOString()
}

function moved(instant, off) {
  return new Date(Date.parse(instant) + off).toISOString()
}

/** Whether a waiting entry answers its subject; the server knows more about sent ones. */
function isAnswered(entry) {
  if (!entry || ["refused", "sent"].includes(entry.state)) return false
  return ["taken", "skipped"].includes(fieldOf(entry, "status"))
}

/** Whether an entry gives way to a waiting answer, by the server's rules. */
function givesWay(entry, answer) {
  if (fieldOf(entry, "only_if_open")) return true
  if (!fieldOf(entry, "tap")) return false
  const [said, before] = [shortAnswer(entry), shortAnswer(answer)]
  return !before || before === said
}

/** Taken or skipped, if a tap says no more. */
function shortAnswer(entry) {
  return fieldOf(entry, "tap") && !fieldOf(entry, "amount_choice") && fieldOf(entry, "status")
}

/** A tap replaces only taps: the server must receive other changes before it. */
function replaces(entry, older) {
  if (fieldOf(entry, "only_if_open")) return false
  return !fieldOf(entry, "tap") || Boolean(fieldOf(older, "tap"))
}

/** Merge a newer entry over the pending one it replaces. */
function replacing(entry, older) {
  const names = new Set(entry.fields.map(([name]) => name))
  const kept = entry.isPartial ? older.fields.filter(([name]) => !names.has(name)) : []
  return { ...entry, fields: [...kept, ...entry.fields], before: older.before ?? entry.before }
}

/** Whether neither reaches the server, which knows the state before `older`. */
function isUndone(older, entry) {
  const wasOpen = older && !["taken", "skipped", "extra"].includes(older.before)
  return wasOpen && fieldOf(entry, "status") === "nothing"
}
