// The log of a conversation: what is new comes in by its number, once, wherever it comes from.
const NEAR = 120
const CHANGED = 50 // messages that may have changed while the connection was away

export class Log {
  #log = document.getElementById('log')
  #busy = null
  #again = false
  #wide = false
  #marks = {}

  constructor() {
    this.id = Number(this.#log.closest('[data-conversation]').dataset.conversation)
    this.rows = this.#log.querySelector('[data-rows]')
    this.#readMarks(this.rows)
    this.waits = () => Promise.resolve() // for messages of one's own that are on their way
  }

  get element() { return this.#log }

  get last() { return Math.max(0, ...[...this.rows.querySelectorAll('[data-seq]')].map(row => Number(row.dataset.seq))) }

  get #first() { return Number(this.rows.querySelector('[data-seq]')?.dataset.seq ?? 0) }

  row(sequence) { return document.getElementById(`m${sequence}`) }

  // ── Catching up ──
  // `wide` looks also at the last fifty again, which may have been changed.
  sync(wide = false) {
    this.#again = true
    this.#wide ||= wide
    this.#busy ??= this.#run().finally(() => { this.#busy = null })
    return this.#busy
  }

  async #run() {
    while (this.#again) {
      this.#again = false
      const from = this.#wide ? Math.max(0, this.last - CHANGED) : this.last
      this.#wide = false
      await this.waits()
      const answer = await fetch(`${this.#log.dataset.messages}?after=${from}`, { headers: { 'X-Requested-With': 'fetch' } }).catch(() => null)
      if (!answer?.ok || answer.redirected) return
      const batch = parsed(await answer.text())
      this.#take(batch)
      this.#again ||= 'more' in batch.dataset
    }
  }

  #take(batch) {
    const near = this.isNear
    this.#readMarks(batch)
    const fresh = []
    for (const row of [...batch.querySelectorAll('[data-seq]')]) {
      const known = this.row(row.dataset.seq)
      if (!known) fresh.push(row)
      else if (!('editing' in known.dataset) && known.dataset.version !== row.dataset.version) this.#replace(known, row)
    }
    for (const row of fresh) this.#append(batch, row)
    if (!fresh.length) return
    this.#log.querySelector('[data-empty]')?.remove()
    window.htmx.process(this.rows)
    this.showMarks()
    const others = fresh.filter(row => !('status' in row.dataset))
    if (near || !others.length) this.down()
    else this.#log.dispatchEvent(new CustomEvent('log:below'))
    this.#log.dispatchEvent(new CustomEvent('log:fresh', { detail: others }))
  }

  #append(batch, row) {
    const day = row.previousElementSibling?.closest('[data-day]') ?? row.previousElementSibling?.previousElementSibling?.closest('[data-day]')
    const after = [...this.rows.querySelectorAll('[data-seq]')].find(other => Number(other.dataset.seq) > Number(row.dataset.seq))
    if (day && !this.rows.querySelector(`[data-day="${day.dataset.day}"]`)) this.rows.insertBefore(day, after ?? null)
    this.rows.insertBefore(row, after ?? null)
    this.#joinRun(row)
  }

  #replace(known, row) {
    row.classList.toggle('msg-first', known.classList.contains('msg-first'))
    known.replaceWith(row)
    window.htmx.process(row)
  }

  // what somebody says within ten minutes belongs together, also across two batches
  #joinRun(row) {
    const before = row.previousElementSibling
    const joins = before?.matches('.msg') && before.dataset.by === row.dataset.by && row.dataset.at - before.dataset.at < 600
    if (before?.dataset.by) row.classList.toggle('msg-first', !joins)
  }

  async refresh(detail) {
    const known = this.row(detail.sequence)
    if (!known || 'editing' in known.dataset) return
    if (detail.is_hidden) return known.remove()
    const answer = await fetch(`/messages/m/${detail.id}/`, { headers: { 'X-Requested-With': 'fetch' } }).catch(() => null)
    if (!answer?.ok) return
    const row = parsed(await answer.text(), '[data-seq]')
    const now = this.row(detail.sequence)
    if (now && row) this.#replace(now, row)
    this.showMarks()
  }

  // ── Reading back ──
  async older() {
    const button = this.#log.querySelector('[data-older]')
    if (button.hidden || this.loading) return
    this.loading = true
    const answer = await fetch(`${this.#log.dataset.messages}?before=${this.#first}`, { headers: { 'X-Requested-With': 'fetch' } }).catch(() => null)
    if (answer?.ok) {
      const batch = parsed(await answer.text())
      const height = this.#log.scrollHeight
      const top = this.#log.scrollTop
      const first = this.rows.firstElementChild
      for (const day of batch.querySelectorAll('[data-day]')) this.rows.querySelector(`[data-day="${day.dataset.day}"]`)?.remove()
      const was = this.rows.querySelector('[data-seq]')
      for (const row of [...batch.children]) if (!row.id || !this.row(row.dataset.seq)) this.rows.insertBefore(row, first?.isConnected ? first : this.rows.querySelector('[data-seq]'))
      if (was) this.#joinRun(was)
      button.hidden = !('more' in batch.dataset)
      window.htmx.process(this.rows)
      this.#log.scrollTop = top + this.#log.scrollHeight - height
    }
    this.loading = false
  }

  // ── Marks ──
  #readMarks(batch) { this.#marks = JSON.parse(batch.dataset.marks || '{}') }

  mark({ participant, delivered_sequence: delivered, read_sequence: read }) {
    const place = this.#marks[participant]
    if (!place) return
    place[1] = Math.max(place[1], delivered)
    place[2] = Math.max(place[2], read)
    this.showMarks()
  }

  showMarks() {
    for (const row of this.rows.querySelectorAll('[data-status]')) {
      const sequence = Number(row.dataset.seq)
      const others = Object.values(this.#marks).filter(([joined]) => joined < sequence)
      const all = at => others.length > 0 && others.every(place => place[at] >= sequence)
      const status = all(2) ? 'read' : all(1) ? 'delivered' : 'sent'
      if (row.dataset.status !== status) {
        row.dataset.status = status
        putMark(row.querySelector('[data-state]'), status)
      }
    }
  }

  // ── Where the reader is ──
  get isNear() { return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR }

  down() { this.#log.scrollTop = this.#log.scrollHeight }

  async goTo(sequence) {
    for (let tries = 0; !this.row(sequence) && !this.#log.querySelector('[data-older]').hidden && tries < 20; tries += 1) await this.older()
    const row = this.row(sequence)
    if (!row) return
    row.scrollIntoView({ block: 'center' })
    row.classList.add('is-shown')
    setTimeout(() => row.classList.remove('is-shown'), 2000)
  }
}

export function putMark(place, status) {
  place?.replaceChildren(document.querySelector(`template[data-mark=${status}]`).content.cloneNode(true))
}

function parsed(html, selector = '[data-rows]') {
  const template = document.createElement('template')
  template.innerHTML = html
  return template.content.querySelector(selector)
}
