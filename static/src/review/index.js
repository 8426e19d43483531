// The review session: cards are fetched ahead, so that turning and grading wait for nothing.
import { Outbox } from './outbox.js'
import { watchSwipes } from './swipe.js'

const FETCH_BELOW = 6 // cards in hand
const SOON = 20 * 60 // seconds: what comes back so early comes back in this session
const PATIENCE = 400 // milliseconds without a card before the page says why
const REMEMBERED = 30 * 24 * 3600 * 1000 // a kept page is never older

const keptAt = Number(document.documentElement.dataset.kept) // the page is a copy of then, else 0

// When each card was graded here last: a page that was kept before that doesn't ask it again.
class Graded {
  #name
  #times

  constructor(user) {
    this.#name = `edu.graded.${user}`
    try {
      this.#times = JSON.parse(localStorage.getItem(this.#name)) ?? {}
    } catch {
      this.#times = {}
    }
  }

  isAfter(card, time) {
    return this.#times[card] > time
  }

  set(card, time) {
    this.#times[card] = time
    const recent = Object.entries(this.#times).filter(([, at]) => at > Date.now() - REMEMBERED)
    try {
      localStorage.setItem(this.#name, JSON.stringify(Object.fromEntries(recent)))
    } catch { /* the browser keeps nothing */ }
  }
}

class Session {
  #root
  #slot
  #outbox
  #queue = [] // sections that wait for their turn
  #current
  #past = [] // what undo takes back
  #returning = new Map() // card → when it is due again, milliseconds
  #shownAt = 0
  #loadedAt = performance.now()
  #left
  #done = 0
  #fetching
  #fetches = 0
  #sentBefore = new Map() // card → the fetches that began before its grade arrived: they are out of date
  #ended = false
  #patience
  #graded

  constructor(root) {
    this.#root = root
    this.#slot = root.querySelector('[data-slot]')
    this.#left = Number(root.dataset.left)
    this.#outbox = new Outbox(root.dataset.user, (event, detail) => this.#hear(event, detail))
    this.#graded = new Graded(root.dataset.user)
    const first = this.#slot.querySelector('[data-ask]')
    const ahead = root.querySelector('template[data-ahead]')
    const sections = [first, ...ahead.content.querySelectorAll('[data-ask]')].filter(Boolean).map(each => document.importNode(each, true))
    this.#add(keptAt ? sections.filter(each => !this.#graded.isAfter(each.dataset.card, keptAt)) : sections)
    if (keptAt) this.#left = this.#queue.length
    this.#listen()
    this.#outbox.flush()
    this.#next()
  }

  // ── The cards in hand ─────────────────────────────────────────────────────────────────────────
  #add(sections) {
    const known = new Set([this.#current, ...this.#queue].filter(Boolean).map(each => each.dataset.card))
    const unsent = new Set(this.#outbox.entries.map(entry => entry.card))
    for (const section of sections) {
      const { card } = section.dataset
      if (known.has(card) || unsent.has(card)) continue
      known.add(card)
      // what was to come back and is due goes before what has waited for days
      if (this.#returning.get(card) <= Date.now()) this.#queue.unshift(section)
      else this.#queue.push(section)
      this.#returning.delete(card)
    }
  }

  async #fetch(query = '') {
    const address = new URL(this.#root.dataset.cards, location.href)
    if (query) address.search = query
    else address.searchParams.set('skip', [this.#current, ...this.#queue].filter(Boolean).map(each => each.dataset.card).join(','))
    const response = await fetch(address, { headers: { 'HX-Request': 'true' } })
    if (!response.ok || response.redirected) throw new Error('no cards')
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    return page.querySelector('[data-cards-left]')
  }

  // Once at a time. The server knows what is next only when it has the grades.
  #refill() {
    if (this.#fetching) return this.#fetching
    const number = ++this.#fetches
    const isFresh = card => !(this.#sentBefore.get(card) >= number)
    this.#fetching = this.#fetch().then(found => {
      const sections = [...found.querySelectorAll('[data-ask]')].filter(each => isFresh(each.dataset.card))
      this.#add(sections.map(each => document.importNode(each, true)))
      if (!this.#outbox.size && [...this.#sentBefore.keys()].every(isFresh)) this.#left = Math.max(Number(found.dataset.cardsLeft), this.#queue.length + (this.#current ? 1 : 0))
      this.#count()
      return true
    }).catch(() => false).finally(() => { this.#fetching = null })
    return this.#fetching
  }

  #wantsMore() {
    return this.#queue.length < FETCH_BELOW || [...this.#returning.values()].some(due => due <= Date.now())
  }

  // ── What is on the screen ─────────────────────────────────────────────────────────────────────
  #next() {
    this.#current = null
    if (!this.#queue.length) return void this.#finish()
    this.#show(this.#queue.shift(), false)
    if (this.#wantsMore() && !this.#outbox.size) this.#refill()
  }

  #show(section, turned) {
    this.#current = section
    const copy = document.importNode(section, true)
    this.#slot.replaceChildren(copy)
    this.#root.dataset.state = 'asking'
    window.htmx.process(copy)
    watchSwipes(copy.querySelector('.flashcard'), { allowed: () => this.#isTurned, done: rating => this.#grade(rating) })
    this.#face(turned)
    this.#count()
    this.#shownAt = performance.now()
    copy.querySelector(turned ? '[data-answer]' : '.flashcard').focus({ preventScroll: true })
    scrollTo(0, 0)
  }

  #face(turned) {
    for (const part of this.#slot.querySelectorAll('[data-front]')) part.hidden = turned
    for (const part of this.#slot.querySelectorAll('[data-back]')) part.hidden = !turned
  }

  get #isTurned() {
    return this.#slot.querySelector('[data-back]')?.hidden === false
  }

  #turn() {
    if (!this.#current || this.#isTurned) return
    this.#face(true)
    this.#slot.querySelector('[data-answer]').focus({ preventScroll: true })
    this.#say(this.#root.dataset.turned)
  }

  #count() {
    const progress = this.#root.querySelector('[data-progress]')
    progress.max = Math.max(1, this.#done + this.#left)
    progress.value = this.#done
    this.#root.querySelector('[data-left]').textContent = this.#left
    this.#root.querySelector('[data-undo]').disabled = !this.#past.length && !('undoable' in this.#root.dataset)
  }

  // The server's clock, for grades that reach it later: that of a device may be wrong.
  #now() {
    if (keptAt) return new Date(Date.now() + Number(this.#root.dataset.now) - keptAt).toISOString()
    return new Date(Number(this.#root.dataset.now) + performance.now() - this.#loadedAt).toISOString()
  }

  // how many are left, in the words that stand on the page
  get #told() {
    return this.#root.querySelector('[data-left]').parentElement.textContent
  }

  #say(text) {
    this.#root.querySelector('[data-say]').textContent = text
  }

  // ── Grades ────────────────────────────────────────────────────────────────────────────────────
  #grade(rating) {
    if (!this.#current || !this.#isTurned) return
    const section = this.#current
    const { card, note } = section.dataset
    const button = this.#slot.querySelector(`[data-grade="${rating}"]`)
    const seconds = Number(button.dataset.seconds)
    const name = this.#outbox.put({
      card,
      url: section.dataset.gradeUrl,
      body: { rating, duration_ms: Math.round(Math.min(performance.now() - this.#shownAt, 600000)), reviewed_at: this.#now() },
    })
    // its siblings would give the answer away: the server puts them off until tomorrow
    const siblings = this.#queue.filter(each => each.dataset.note === note)
    this.#queue = this.#queue.filter(each => each.dataset.note !== note)
    this.#graded.set(card, Date.now())
    const returns = seconds < SOON
    if (returns) this.#returning.set(card, Date.now() + seconds * 1000)
    const counted = siblings.length + (returns ? 0 : 1)
    this.#left = Math.max(0, this.#left - counted)
    this.#done += 1
    this.#past.push({ section, name, siblings, counted })
    this.#next()
    this.#count() // where no card is in hand, too
    this.#say(`${button.dataset.said}. ${this.#told}`)
  }

  #undo() {
    const last = this.#past.pop()
    if (!last) return false
    const { card, undoUrl } = last.section.dataset
    if (!this.#outbox.cancel(last.name)) this.#outbox.put({ card, url: undoUrl, body: {} })
    if (this.#current && this.#current.dataset.card !== card) this.#queue.unshift(this.#current)
    this.#queue = [...last.siblings, ...this.#queue.filter(each => each.dataset.card !== card)]
    this.#graded.set(card, 0)
    this.#returning.delete(card)
    this.#left += last.counted
    this.#done -= 1
    this.#show(last.section, true)
    this.#say(`${this.#root.dataset.undone} ${this.#told}`)
    return true
  }

  // ── Away from the server ──────────────────────────────────────────────────────────────────────
  #hear(event, detail) {
    const unsent = this.#outbox?.size ?? 0
    if (event === 'sent') {
      this.#sentBefore.set(detail.entry.card, this.#fetches)
      const { postponed } = detail
      if (postponed) window.edu.toast({ text: `${this.#root.dataset.postponed} ${postponed}` })
    }
    if (event === 'refused') window.edu.toast({ text: this.#root.dataset.refused, level: 'bad' })
    if (event === 'state') this.#tell(detail, unsent)
    if (event === 'state' && detail === 'empty' && this.#outbox) {
      if (!this.#current) this.#finish()
      else if (this.#wantsMore()) this.#refill()
    }
  }

  #tell(state, unsent) {
    const waits = state === 'waiting' || state === 'signed-out'
    const line = this.#root.querySelector('[data-unsent]')
    if (waits || state === 'empty') line.hidden = !waits
    for (const part of line.querySelectorAll('[data-on]')) part.hidden = part.dataset.on !== state
    for (const count of this.#root.querySelectorAll('[data-unsent-count]')) count.textContent = unsent
  }

  // Nothing is in hand: wait for the grades to arrive, ask for what came back, and end.
  async #finish() {
    if (this.#ended) return
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => this.#await(), PATIENCE)
    if (this.#outbox.size) return
    await this.#fetching // it may have begun before the last grade arrived
    if (!await this.#refill() || this.#current || this.#outbox.size) return
    if (this.#queue.length) return this.#next()
    this.#ended = true
    location.assign(this.#root.dataset.done)
  }

  #await() {
    if (this.#current || this.#ended || this.#root.dataset.state === 'waiting') return
    this.#root.dataset.state = 'waiting'
    const waiting = document.importNode(this.#root.querySelector('template[data-waiting]').content, true)
    this.#slot.replaceChildren(waiting)
    this.#tell('waiting', this.#outbox.size)
    this.#slot.querySelector('[tabindex]').focus()
  }

  // ── Cards changed in the session ──────────────────────────────────────────────────────────────
  async #reread(note) {
    const found = await this.#fetch(new URLSearchParams({ note }))
    const fresh = new Map([...found.querySelectorAll('[data-ask]')].map(each => [each.dataset.card, document.importNode(each, true)]))
    const renewed = section => section.dataset.note === String(note) ? fresh.get(section.dataset.card) : section
    this.#queue = this.#queue.map(renewed).filter(Boolean)
    if (this.#current?.dataset.note !== String(note)) return
    const turned = this.#isTurned
    const section = renewed(this.#current)
    if (section) this.#show(section, turned)
    else this.#next()
  }

  async #suspend(form) {
    const body = new URLSearchParams(new FormData(form))
    const response = await fetch(form.action, { method: 'POST', body, headers: { 'X-CSRFToken': window.edu.csrfToken(), 'HX-Request': 'true' } }).catch(() => null)
    const toasts = document.getElementById('toasts').dataset
    if (!response?.ok) return window.edu.toast({ text: response ? toasts.failed : toasts.offline, level: 'bad' })
    this.#left = Math.max(0, this.#left - 1)
    window.edu.toast(JSON.parse(response.headers.get('HX-Trigger')).toast)
    this.#next()
  }

  // ── Keys and clicks ───────────────────────────────────────────────────────────────────────────
  #listen() {
    this.#root.addEventListener('click', event => this.#click(event))
    this.#root.addEventListener('submit', event => this.#submit(event))
    document.addEventListener('keydown', event => this.#key(event))
    document.addEventListener('note:changed', ({ detail }) => this.#reread(detail.note))
    document.addEventListener('card:resumed', () => this.#refill())
    addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
  }

  #click(event) {
    const { target } = event
    if (event.ctrlKey || event.metaKey) return
    if (target.closest('[data-turn]')) {
      event.preventDefault()
      this.#turn()
    } else if (target.closest('[data-again]')) {
      this.#outbox.flush()
    } else if (target.closest('.flashcard') && !target.closest('a, button, [tabindex="0"]') && getSelection().isCollapsed) {
      this.#turn()
    }
  }

  #submit(event) {
    const form = event.target
    if (form.matches('[data-grades]')) {
      event.preventDefault()
      this.#grade(Number(event.submitter.value))
    } else if (form.matches('[data-suspends]')) {
      event.preventDefault()
      this.#suspend(form)
    } else if (form.matches('[data-undo-form]') && this.#undo()) {
      event.preventDefault()
    }
  }

  #key(event) {
    const { key, target } = event
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    if (document.querySelector('dialog[open]') || target.closest('input, textarea, select')) return
    if (key === ' ' || key === 'Enter') {
      if (target.closest('a:not([data-turn]), button, summary') || this.#isTurned) return
      event.preventDefault()
      this.#turn()
    } else if (/^[1-4]$/.test(key)) {
      this.#grade(Number(key))
    } else if ('zuяг'.includes(key.toLowerCase())) {
      event.preventDefault()
      this.#root.querySelector('[data-undo]').click()
    }
  }
}

function begin() {
  const root = document.querySelector('[data-review]')
  if (root) new Session(root)
  else if (document.body.dataset.signedIn) new Outbox(document.body.dataset.signedIn, () => {}).flush()
}

// pages without it load this file late, when grades wait: core/offline.js
if (document.readyState === 'complete') begin()
else document.addEventListener('DOMContentLoaded', begin)
