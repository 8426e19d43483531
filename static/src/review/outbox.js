// Grades on their way to the server: kept in the browser until it has them, sent in order, each with
// a key of its own, so that a repeat changes nothing. One entry of localStorage for each: two tabs
// never overwrite each other.
const FIRST_WAIT = 1000
const LONGEST_WAIT = 30000
const SIGNED_OUT = [401, 403]
const GONE = 404

const unique = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')

export class Outbox {
  #user
  #prefix
  #told
  #count = 0
  #memory = new Map() // where the browser keeps nothing
  #sending = null // the entry on the wire
  #running = false
  #wait = FIRST_WAIT
  #timer

  // `told(event, detail)`: "sent" {entry, answer, postponed: how many reviews}, "refused" {entry}, "state" ("sending", "waiting", "signed-out", "empty")
  constructor(user, told) {
    this.#user = user
    this.#prefix = `edu.grades.${user}.`
    this.#told = told
    addEventListener('online', () => this.flush())
  }

  put(entry) {
    const name = `${this.#prefix}${String(Date.now()).padStart(15, '0')}.${String(this.#count++).padStart(6, '0')}`
    this.#write(name, { ...entry, key: unique() })
    this.flush()
    return name
  }

  // Take back what was never on the wire; false when the server may know of it.
  cancel(name) {
    const entry = this.#read(name)
    if (!entry || entry.tried || this.#sending === name) return false
    this.#drop(name)
    this.#told('state', this.#names().length ? 'sending' : 'empty')
    return true
  }

  get entries() {
    return this.#names().map(name => this.#read(name)).filter(Boolean)
  }

  get size() {
    return this.#names().length
  }

  async flush() {
    if (this.#running) return
    this.#running = true
    clearTimeout(this.#timer)
    try {
      // one tab sends at a time; a plain-HTTP page has no locks, the keys keep it safe all the same
      if (navigator.locks) await navigator.locks.request(this.#prefix, () => this.#sendAll())
      else await this.#sendAll()
    } finally {
      this.#running = false
    }
  }

  async #sendAll() {
    for (let name; (name = this.#names()[0]);) {
      this.#told('state', 'sending')
      const wait = await this.#send(name)
      if (wait === null) continue
      if (wait !== undefined) this.#timer = setTimeout(() => this.flush(), wait)
      return
    }
    this.#wait = FIRST_WAIT
    this.#told('state', 'empty')
  }

  // null: go on; a number: try again after so many milliseconds; undefined: not by itself
  async #send(name) {
    const entry = this.#read(name)
    if (!entry) return null
    this.#write(name, { ...entry, tried: true })
    this.#sending = name
    try {
      const response = await fetch(entry.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': window.edu.csrfToken(), 'Idempotency-Key': entry.key },
        body: JSON.stringify(entry.body),
      })
      return await this.#judge(name, entry, response)
    } catch {
      return this.#later()
    } finally {
      this.#sending = null
    }
  }

  async #judge(name, entry, response) {
    const { status } = response
    const after = Number(response.headers.get('Retry-After'))
    if (response.ok) {
      const answer = await response.json()
      const postponed = Number(response.headers.get('Reviews-Postponed'))
      this.#drop(name)
      this.#wait = FIRST_WAIT
      this.#told('sent', { entry, answer, postponed })
      return null
    }
    if (SIGNED_OUT.includes(status) || (status === GONE && await this.#isAnother())) {
      this.#told('state', 'signed-out')
      return undefined
    }
    if (status >= 500 || status === 429 || (status === 409 && after)) return this.#later(after * 1000)
    this.#drop(name)
    this.#told('refused', { entry })
    return null
  }

  // Somebody else has signed in since, in another tab: to them these cards aren't there.
  async #isAnother() {
    const response = await fetch('/api/auth/me')
    if (!response.ok && !SIGNED_OUT.includes(response.status)) throw new Error('unknown')
    return !response.ok || String((await response.json()).id) !== String(this.#user)
  }

  #later(asked = 0) {
    this.#told('state', 'waiting')
    const wait = Math.max(asked, this.#wait * (0.75 + Math.random() / 2))
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT)
    return wait
  }

  #names() {
    const kept = [...this.#memory.keys()]
    try {
      kept.push(...Object.keys(localStorage).filter(name => name.startsWith(this.#prefix)))
    } catch { /* storage is forbidden */ }
    return kept.sort()
  }

  #read(name) {
    try {
      return this.#memory.get(name) ?? JSON.parse(localStorage.getItem(name))
    } catch {
      this.#drop(name)
      return null
    }
  }

  #write(name, entry) {
    try {
      localStorage.setItem(name, JSON.stringify(entry))
    } catch {
      this.#memory.set(name, entry)
    }
  }

  #drop(name) {
    this.#memory.delete(name)
    try {
      localStorage.removeItem(name)
    } catch { /* nothing was kept there */ }
  }
}
