/**
 * A countdown by the clock that can be paused. It needs no browser.
 *
 * Nothing is counted: the time left is computed from `clock()`, in milliseconds, so that a tab that
 * slept or was throttled is right the moment it wakes.
 */
export class Countdown {
  #length
  #clock
  #left
  #endsAt = null

  constructor(seconds, clock = Date.now) {
    this.#length = seconds * 1000
    this.#left = this.#length
    this.#clock = clock
  }

  /** `ready`, `running`, `paused` or `over`. */
  get state() {
    if (this.left === 0) return "over"
    if (this.#endsAt !== null) return "running"
    return this.#left === this.#length ? "ready" : "paused"
  }

  /** Milliseconds left: never below zero, and never above the whole, even if a clock is set back. */
  get left() {
    const left = this.#endsAt === null ? this.#left : this.#endsAt - this.#clock()
    return Math.min(this.#length, Math.max(0, left))
  }

  get elapsed() {
    return this.#length - this.left
  }

  start() {
    if (this.state !== "running") this.#endsAt = this.#clock() + this.left
  }

  pause() {
    this.#left = this.left
    this.#endsAt = null
  }

  reset() {
    this.#left = this.#length
    this.#endsAt = null
  }
}
