// One's own messages on their way: shown at once, sent one after another, kept in the browser until the
// server has them. Each goes under a key of its own, so that sending it again makes no second one.
import { putMark } from './log.js'

const FIRST_WAIT = 2000
const LONGEST_WAIT = 30000
const unique = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')

export class Outbox {
  #name
  #url
  #log
  #place = document.getElementById('pending')
  #entries = []
  #sending = null
  #wait = FIRST_WAIT
  #timer

  // `change(entry)` puts a message back into the composer
  constructor({ name, url, log, change }) {
    this.#name = `edu.outbox.${name}`
    this.#url = url
    this.#log = log
    this.change = change
    this.#entries = this.#kept().map(entry => ({ ...entry, failed: '' }))
    for (const entry of this.#entries) this.#show(entry)
    addEventListener('online', () => this.flush(true))
    document.addEventListener('realtime:back', () => this.flush(true))
    document.addEventListener('realtime:poll', () => this.flush(true))
    this.flush()
  }

  // until what is being sent has been answered
  settled() { return Promise.race([this.#sending ?? Promise.resolve(), new Promise(done => setTimeout(done, 4000))]) }

  add({ content, attachment, file, reply, quoted }) {
    const entry = { key: unique(), content, attachment, file, reply, quoted, failed: '' }
    this.#entries.push(entry)
    this.#keep()
    this.#show(entry)
    this.#log.down()
    this.flush()
  }

  flush(hurried = false) {
    if (hurried) this.#wait = FIRST_WAIT
    clearTimeout(this.#timer)
    this.#sending ??= this.#run().finally(() => { this.#sending = null })
  }

  async #run() {
    // a refused one waits for its writer and holds nobody up
    for (let entry = this.#next(); entry; entry = this.#next()) {
      if (!await this.#send(entry)) return
    }
  }

  #next() { return this.#entries.find(entry => !entry.refused) }

  async #send(entry) {
    this.#state(entry, 'pending')
    const body = { content: entry.content }
    if (entry.attachment) body.attachment = entry.attachment
    if (entry.reply) body.reply_to = entry.reply
    const answer = await fetch(this.#url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': window.edu.csrfToken(), 'Idempotency-Key': entry.key },
      body: JSON.stringify(body),
    }).catch(() => null)
    if (answer?.ok) return this.#sent(entry, await answer.json().catch(() => ({})))
    if (!answer || answer.status >= 500 || answer.status === 409) return this.#later(entry)
    const { detail, errors } = await answer.json().catch(() => ({}))
    entry.refused = true
    this.#state(entry, 'failed', Object.values(errors ?? {}).flat()[0] ?? detail)
    this.#keep()
    return true
  }

  #sent(entry) {
    this.#wait = FIRST_WAIT
    this.#forget(entry, false)
    // its place is taken by the message itself
    queueMicrotask(() => this.#log.sync().finally(() => entry.card?.remove()))
    return true
  }

  #later(entry) {
    this.#state(entry, 'failed')
    this.#timer = setTimeout(() => this.flush(), this.#wait * (0.75 + Math.random() / 2))
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT)
    return false
  }

  #show(entry) {
    const card = document.getElementById('pending-card').content.firstElementChild.cloneNode(true)
    entry.card = card
    card.querySelector('[data-text]').textContent = entry.content
    const file = card.querySelector('[data-file]')
    file.hidden = !entry.file
    file.querySelector('b').textContent = entry.file ?? ''
    const quote = card.querySelector('[data-quote]')
    quote.hidden = !entry.quoted
    quote.textContent = entry.quoted ?? ''
    card.querySelector('[data-retry]').addEventListener('click', () => {
      entry.refused = false
      this.flush(true)
    })
    card.querySelector('[data-discard]').addEventListener('click', () => this.#forget(entry))
    card.querySelector('[data-change]').addEventListener('click', () => {
      this.#forget(entry)
      this.change(entry)
    })
    this.#place.append(card)
    this.#state(entry, 'pending')
  }

  #state(entry, status, why) {
    putMark(entry.card.querySelector('[data-state]'), status)
    const failed = entry.card.querySelector('[data-failed]')
    failed.hidden = status !== 'failed'
    if (status !== 'failed') return
    const told = failed.querySelector('[data-why]')
    told.textContent = why ?? told.dataset.offline
    this.#log.down()
  }

  #forget(entry, gone = true) {
    this.#entries = this.#entries.filter(other => other !== entry)
    if (gone) entry.card?.remove()
    this.#keep()
  }

  #kept() {
    try {
      return JSON.parse(localStorage.getItem(this.#name)) ?? []
    } catch {
      return []
    }
  }

  #keep() {
    try {
      const kept = this.#entries.map(({ card: _card, ...entry }) => entry)
      if (kept.length) localStorage.setItem(this.#name, JSON.stringify(kept))
      else localStorage.removeItem(this.#name)
    } catch { /* storage is forbidden: the page alone has them */ }
  }
}
