// The tutor's drawer: opened beside the text, asked over a stream, closed without a word.
import { find, headingOf, show } from './passages.js'
import { unique } from './keeping.js'

const OVER_THE_PAGE = matchMedia('(max-width: 47.99rem)')
const ASKED = 'edu.understood'

// The events of a text/event-stream, as they come.
async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    rest += value
    const frames = rest.split('\n\n')
    rest = frames.pop()
    for (const frame of frames) {
      const data = frame.split('\n').filter(line => line.startsWith('data:')).map(line => line.slice(5)).join('\n')
      if (data) yield JSON.parse(data)
    }
  }
}

const fromHtml = html => Object.assign(document.createElement('template'), { innerHTML: html.trim() }).content.firstElementChild

export class Tutor {
  #drawer
  #player
  #article
  #opener
  #busy = false

  constructor(drawer, article) {
    this.#drawer = drawer
    this.#article = article
    this.#player = drawer.closest('.player')
    document.addEventListener('click', event => {
      const opener = event.target.closest('[data-tutor-open]')
      if (!opener) return
      event.preventDefault()
      this.open(opener)
    })
    drawer.addEventListener('click', event => this.#click(event))
    drawer.addEventListener('submit', event => this.#submit(event))
    drawer.addEventListener('keydown', event => this.#key(event))
    drawer.addEventListener('htmx:afterSettle', ({ target }) => {
      if (target === drawer) this.#arrived()
      // what was pressed is gone: stay in the drawer
      else if (document.activeElement === document.body) this.#part('log').focus()
    })
    document.addEventListener('keydown', event => event.target === document.body && !drawer.hidden && !document.querySelector('dialog[open]') && this.#key(event))
    OVER_THE_PAGE.addEventListener('change', () => drawer.hidden || this.#cover(true))
  }

  open(opener) {
    if (this.#drawer.hidden) this.#opener = opener
    this.#drawer.hidden = false
    this.#player.classList.add('player-tutor')
    this.#cover(true)
    if (this.#part('composer')) this.#part('text').focus()
    else window.htmx.ajax('GET', this.#drawer.dataset.url, { target: this.#drawer, swap: 'innerHTML' })
  }

  close() {
    this.#drawer.hidden = true
    this.#player.classList.remove('player-tutor')
    this.#cover(false)
    const back = [this.#opener, ...document.querySelectorAll('[data-tutor-open]')].find(each => each?.offsetParent)
    back?.focus()
    this.#askIfUnderstood()
  }

  #part(name) {
    return this.#drawer.querySelector(`[data-${name}]`)
  }

  #copy(name) {
    return this.#part(`${name}-template`).content.firstElementChild.cloneNode(true)
  }

  // On a phone the drawer is the page: nothing behind it is reached.
  #cover(open) {
    const covers = open && OVER_THE_PAGE.matches
    for (const each of [...this.#player.children, document.querySelector('.site-header')]) if (each && each !== this.#drawer) each.inert = covers
    document.body.classList.toggle('is-covered', covers)
  }

  #arrived() {
    this.#toEnd()
    this.#part('text')?.focus()
  }

  #toEnd() {
    const log = this.#part('log')
    if (log) log.scrollTop = log.scrollHeight
  }

  #key(event) {
    const { key, shiftKey, isComposing, target } = event
    if (key === 'Escape' && !event.defaultPrevented && !target.closest('[aria-expanded=true]')) this.close()
    if (key === 'Enter' && !shiftKey && !isComposing && target.matches('[data-text]')) {
      event.preventDefault()
      target.form.requestSubmit()
    }
  }

  #click(event) {
    const { target } = event
    if (target.closest('[data-tutor-close]')) this.close()
    const cite = target.closest('[data-cite]')
    if (!cite) return
    event.preventDefault()
    this.#show(cite.dataset)
  }

  #show({ cite, section }) {
    const range = find(this.#article, cite)
    const heading = headingOf(this.#article, section)
    if (!range && !heading) return window.edu.toast({ text: this.#drawer.dataset.lost })
    if (OVER_THE_PAGE.matches) this.close()
    return range ? show(range) : heading.scrollIntoView({ block: 'start' })
  }

  // ── Asking ─────────────────────────────────────────────────────────────────────────────────
  #submit(event) {
    const form = event.target
    if (!form.matches('[data-composer], [data-chips]')) return
    event.preventDefault()
    event.stopPropagation()
    const text = (form.matches('[data-chips]') ? event.submitter.value : form.elements.text.value).trim()
    if (!text || this.#busy) return
    if (form.matches('[data-composer]')) form.elements.text.value = ''
    this.#part('empty')?.remove()
    this.#part('unanswered')?.remove()
    const mine = Object.assign(document.createElement('div'), { className: 'say-you', textContent: text })
    this.#part('log').append(mine)
    this.#ask(text, unique())
  }

  async #ask(text, key) {
    this.#busy = true
    const pending = this.#copy('pending')
    const log = this.#part('log')
    log.setAttribute('aria-busy', 'true')
    log.append(pending)
    this.#toEnd()
    try {
      const answer = await fetch(this.#part('composer').action, {
        method: 'POST',
        headers: { Accept: 'text/event-stream', 'X-CSRFToken': window.edu.csrfToken() },
        body: new URLSearchParams({ text, key }),
      })
      if (answer.redirected) throw new Error('signed out')
      if (!answer.ok) throw new Error(answer.status)
      await this.#hear(answer, pending)
    } catch {
      this.#wrong(pending, { type: 'error' })
    } finally {
      this.#busy = false
      log.removeAttribute('aria-busy')
    }
    if (pending.wrong) this.#offerAgain(pending.wrong, text, key)
    this.#toEnd()
  }

  async #hear(answer, pending) {
    const live = pending.querySelector('[data-live]')
    const thinking = pending.querySelector('[data-thinking]')
    let ended = false
    for await (const event of eventsOf(answer)) {
      if (event.type === 'text') {
        thinking.hidden = true
        live.textContent += event.text
      } else if (event.type === 'message') {
        ended = true
        this.#replied(pending, event)
      } else if (event.type === 'error') {
        ended = true
        this.#wrong(pending, event)
      }
      this.#toEnd()
    }
    if (!ended) throw new Error('cut off')
  }

  #replied(pending, { html, left, asks }) {
    const reply = fromHtml(html)
    pending.replaceWith(reply)
    window.htmx.process(reply)
    this.#part('chips').hidden = false
    if (left !== null && this.#part('left')) this.#part('left').textContent = left
    if (asks) this.#drawer.dataset.asks = reply.id
  }

  #wrong(pending, { detail, retry_after: wait, status }) {
    const note = this.#copy('wrong')
    if (detail) note.querySelector('[data-told]').textContent = detail
    // what can't be asked at all isn't offered again
    if (status === 400) note.querySelector('[data-again]').remove()
    if (status === 429 && wait > 3600) note.querySelector('[data-again]').remove()
    pending.replaceWith(note)
    pending.wrong = note
  }

  #offerAgain(note, text, key) {
    note.querySelector('[data-again]')?.addEventListener('click', () => {
      note.remove()
      this.#ask(text, key)
    })
  }

  // ── When it is closed ──────────────────────────────────────────────────────────────────────
  // One question, once for each talk, in a corner that is in nobody's way.
  #askIfUnderstood() {
    const place = document.querySelector('[data-understood-place]')
    const talk = this.#drawer.dataset.asks ?? (this.#part('asks') && [...this.#drawer.querySelectorAll('[data-reply]')].at(-1)?.id)
    if (!talk || !place || place.dataset.talk || this.#wasAsked(talk)) return
    place.dataset.talk = talk
    const question = this.#copy('understood')
    place.querySelector('[data-understood-body]').replaceChildren(question)
    window.htmx.process(question)
    place.hidden = false
    place.addEventListener('click', ({ target }) => {
      if (target.closest('[data-later]')) place.hidden = true
    })
    place.addEventListener('htmx:afterSettle', () => setTimeout(() => { place.hidden = true }, 2500))
    // not by the very key that closed the drawer
    setTimeout(() => document.addEventListener('keydown', ({ key }) => { if (key === 'Escape' && this.#drawer.hidden) place.hidden = true }))
  }

  #wasAsked(talk) {
    try {
      const before = localStorage.getItem(ASKED)
      localStorage.setItem(ASKED, talk)
      return before === talk
    } catch {
      return false
    }
  }
}
