// Words of notes on their way to the server: kept in the browser from the first letter until it has
// them. An entry is a note as it should be: { id?, url?, revision?, key?, spot, text, tried }; the
// page that wrote it may be gone when it is sent.
const TYPING = 800
const FIRST_WAIT = 2000
const LONGEST_WAIT = 30000

export const unique = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
const single = text => text.replace(/\s+/g, ' ').trim()
const same = (one, other) => single(one ?? '') === single(other ?? '')

export class Keeper {
  #prefix
  #create
  #told
  #memory = new Map() // where the browser keeps nothing
  #sending = new Set()
  #held = new Map() // conflicts that wait for a word
  #timers = new Map()
  #wait = FIRST_WAIT

  // `told(event, name, detail)`: saving, saved {answer, more}, waiting, conflict {answer}, gone, refused {detail}, signedOut
  constructor({ user, lesson, create, told }) {
    this.#prefix = `edu.note.${user}.${lesson}.`
    this.#create = create
    this.#told = told
    addEventListener('online', () => this.flush())
    addEventListener('pagehide', () => this.flush(true))
  }

  put(name, entry, after = TYPING) {
    this.#write(name, { ...this.#read(name), ...entry })
    this.#told('saving', name)
    this.#plan(name, after)
  }

  entry(name) {
    return this.#read(name)
  }

  get names() {
    const kept = [...this.#memory.keys()]
    try {
      kept.push(...Object.keys(localStorage).filter(name => name.startsWith(this.#prefix)).map(name => name.slice(this.#prefix.length)))
    } catch { /* storage is forbidden */ }
    return kept.sort()
  }

  flush(leaving = false) {
    for (const name of this.names) this.#send(name, leaving)
  }

  // After a conflict: the reader's words over those of the server, or not.
  keepMine(name) {
    const answer = this.#held.get(name)
    this.#held.delete(name)
    this.put(name, { revision: answer.revision }, 0)
  }

  forget(name) {
    this.#held.delete(name)
    clearTimeout(this.#timers.get(name))
    this.#memory.delete(name)
    try {
      localStorage.removeItem(this.#prefix + name)
    } catch { /* nothing was kept there */ }
  }

  #plan(name, after) {
    clearTimeout(this.#timers.get(name))
    this.#timers.set(name, setTimeout(() => this.#send(name), after))
  }

  async #send(name, leaving = false) {
    const entry = this.#read(name)
    if (!entry || this.#sending.has(name) || this.#held.has(name)) return
    const { text, tried } = entry
    this.#write(name, { ...entry, tried: text })
    this.#sending.add(name)
    try {
      const answer = await fetch(entry.id ? entry.url : this.#create, {
        method: 'POST',
        headers: { Accept: 'application/json', 'X-CSRFToken': window.edu.csrfToken() },
        body: new URLSearchParams(entry.id ? { text, seen: entry.revision } : { text, key: entry.key, ...entry.spot }),
        keepalive: leaving,
      })
      this.#sending.delete(name)
      await this.#judge(name, { ...entry, tried }, answer)
    } catch {
      this.#sending.delete(name)
      this.#later(name)
    }
  }

  async #judge(name, sent, answer) {
    if (answer.redirected || answer.status === 401) return this.#told('signedOut', name)
    if (answer.ok) return this.#saved(name, sent, await answer.json())
    if (answer.status === 409) return this.#conflict(name, sent, await answer.json())
    if (answer.status === 404 && sent.id) {
      this.#write(name, { ...this.#read(name), id: undefined, url: undefined, key: unique() })
      this.#told('gone', name)
      return this.#plan(name, 0)
    }
    if (answer.status === 429 || answer.status >= 500) return this.#later(name)
    const { errors, detail } = await answer.json().catch(() => ({}))
    return this.#told('refused', name, { detail: Object.values(errors ?? {}).flat()[0] ?? detail })
  }

  #saved(name, sent, answer) {
    this.#wait = FIRST_WAIT
    const now = this.#read(name)
    if (!now) return this.#told('saved', name, { answer, more: false })
    // typed on meanwhile, or this key had brought older words before
    const more = now.text !== sent.text || (!sent.id && !same(answer.text, sent.text))
    if (more) {
      this.#write(name, { ...now, id: answer.id, url: `/notes/${answer.id}/`, revision: answer.revision })
      this.#plan(name, TYPING)
    } else {
      this.forget(name)
    }
    this.#told('saved', name, { answer, more })
  }

  #conflict(name, sent, answer) {
    if (sent.tried !== undefined && same(answer.text, sent.tried)) {
      // an earlier sending of ours arrived, its answer didn't
      this.#write(name, { ...this.#read(name), revision: answer.revision })
      return this.#plan(name, 0)
    }
    this.#held.set(name, answer)
    return this.#told('conflict', name, { answer })
  }

  #later(name) {
    this.#told('waiting', name)
    this.#plan(name, this.#wait * (0.75 + Math.random() / 2))
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT)
  }

  #read(name) {
    try {
      return this.#memory.get(name) ?? JSON.parse(localStorage.getItem(this.#prefix + name))
    } catch {
      this.forget(name)
      return null
    }
  }

  #write(name, entry) {
    try {
      localStorage.setItem(this.#prefix + name, JSON.stringify(entry))
    } catch {
      this.#memory.set(name, entry)
    }
  }
}
