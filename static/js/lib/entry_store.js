/** The outbox's entries in IndexedDB, in the order they were first put; on disk when told so. */
const STORE = "entries"

export class EntryStore {
  #database = null

  /** Every entry; none if the browser stores nothing. */
  async all() {
    try {
      const transaction = await this.#transaction("readonly")
      return await settled(transaction.objectStore(STORE).getAll())
    } catch {
      return []
    }
  }

  /** In one transaction, give all entries to `change` and do what it returns. */
  async edit(change) {
    const transaction = await this.#transaction("readwrite")
    const store = transaction.objectStore(STORE)
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
      store.getAll().onsuccess = ({ target }) => {
        const { put = [], remove = [] } = change(target.result)
        for (const { position } of remove) store.delete(position)
        for (const entry of put) store.put(entry)
        // No more requests follow, so commit without waiting for the event loop.
        transaction.commit?.()
      }
    })
  }

  async #transaction(mode) {
    this.#database ??= this.#open()
    return (await this.#database).transaction(STORE, mode, { durability: "strict" })
  }

  async #open() {
    const request = indexedDB.open("strand", 1)
    request.onupgradeneeded = () =>
      request.result.createObjectStore(STORE, { keyPath: "position", autoIncrement: true })
    try {
      const database = await settled(request)
      database.onclose = database.onversionchange = () => {
        this.#database = null
        database.close()
      }
      return database
    } catch (error) {
      this.#database = null
      throw error
    }
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
