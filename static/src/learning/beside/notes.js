// Own notes beside the lesson: written in place, kept as they are typed, shown at their passages.
import { Keeper, unique } from './keeping.js'
import { headingOf, locate, mark, show, unmark } from './passages.js'

const fromHtml = html => Object.assign(document.createElement('template'), { innerHTML: html.trim() }).content.firstElementChild
const emptyRow = () => Object.assign(document.createElement('li'), { className: 'own-note' })
const fromTemplate = name => document.querySelector(`[data-${name}-template]`).content.firstElementChild.cloneNode(true)

export class Notes {
  #section
  #article
  #list
  #home // where the section stands when the rail has room
  #keeper
  #marks = new Map() // of a row: its marks in the text
  #writing = new Map() // of the keeper's name: { row, base, part, last, closing }

  constructor(section, article) {
    this.#section = section
    this.#article = article
    this.#list = section.querySelector('[data-list]')
    this.#home = document.createComment('notes')
    section.before(this.#home)
    const { create, lesson } = section.dataset
    this.#keeper = new Keeper({ user: document.body.dataset.signedIn, lesson, create, told: (...told) => this.#hear(...told) })
    for (const row of this.#list.children) this.#place(row)
    section.addEventListener('click', event => this.#click(event))
    article.addEventListener('click', ({ target }) => this.#toRow(target.closest('[data-of-note]')))
    document.getElementById('notes-sheet')?.addEventListener('close', () => this.#home.after(section))
    this.#restore()
    this.#arrive()
    addEventListener('hashchange', () => this.#arrive())
  }

  // A new note, open to be written.
  add(spot = {}) {
    this.open()
    const row = emptyRow()
    this.#list.prepend(row)
    this.#edit(row, `new-${unique()}`, { key: unique(), spot }, '')
  }

  bookmark(spot = {}) {
    const name = `new-${unique()}`
    this.#writing.set(name, { row: this.#list.appendChild(emptyRow()) })
    this.#keeper.put(name, { key: unique(), spot, text: '', quiet: true }, 0)
  }

  // Where the rail has no room the notes come up in a sheet.
  open() {
    if (this.#section.offsetParent) return
    document.querySelector('[data-notes-place]').append(this.#section)
    window.edu.openDialog('notes-sheet')
  }

  #say(name) {
    return this.#section.dataset[name]
  }

  // ── A row and its passage ──────────────────────────────────────────────────────────────────
  #place(row) {
    const { quote, start } = row.dataset
    if (!quote) return
    const range = locate(this.#article, quote, Number(start ?? 0))
    row.querySelector('[data-lost]').hidden = Boolean(range)
    if (range) this.#marks.set(row, mark(range, () => Object.assign(document.createElement('mark'), { className: 'passage-mark', title: row.querySelector('[data-text]').value.slice(0, 200) })))
    for (const each of this.#marks.get(row) ?? []) each.dataset.ofNote = row.dataset.note
  }

  #leave(row) {
    unmark(this.#marks.get(row) ?? [])
    this.#marks.delete(row)
  }

  #jump(row) {
    const { quote, start, section, second } = row.dataset
    const range = quote && locate(this.#article, quote, Number(start ?? 0))
    const goes = range || second !== undefined || headingOf(this.#article, section ?? '')
    if (goes) document.getElementById('notes-sheet')?.close()
    if (range) return show(range)
    if (second !== undefined) return this.#play(second)
    return headingOf(this.#article, section ?? '')?.scrollIntoView({ block: 'start' })
  }

  #play(second) {
    const frame = document.querySelector('[data-video] iframe')
    if (!frame) return document.querySelector('[data-video]')?.scrollIntoView({ block: 'center' })
    const address = new URL(frame.src)
    if (address.hostname.endsWith('vimeo.com')) address.hash = `t=${second}s`
    else address.searchParams.set('start', second)
    frame.src = address
    return frame.scrollIntoView({ block: 'center' })
  }

  #toRow(marked) {
    if (!marked || getSelection()?.isCollapsed === false) return
    this.open()
    document.getElementById(`note-${marked.dataset.ofNote}`)?.focus()
  }

  // The address of another page names a note of this one.
  #arrive() {
    const row = location.hash.startsWith('#note-') && document.getElementById(location.hash.slice(1))
    if (row && this.#list.contains(row)) this.#jump(row)
  }

  // ── Clicks ─────────────────────────────────────────────────────────────────────────────────
  #click(event) {
    const { target } = event
    const row = target.closest('.own-note')
    const hit = name => target.closest(`[data-${name}]`)
    if (hit('add')) this.add(this.selected() ?? {})
    else if (hit('jump')) this.#jump(row)
    else if (hit('edit')) this.#editRow(row)
    else if (hit('delete')) this.#delete(row)
    else return
    event.preventDefault()
  }

  #editRow(row) {
    const { note, url, revision } = row.dataset
    const base = { id: Number(note), url, revision: Number(revision) }
    this.#edit(row, `${note}-${unique().slice(0, 6)}`, base, row.querySelector('[data-text]').value)
  }

  async #delete(row) {
    try {
      const answer = await fetch(row.querySelector('form').action, { method: 'POST', headers: { Accept: 'application/json', 'X-CSRFToken': window.edu.csrfToken() } })
      if (!answer.ok && answer.status !== 404) throw new Error(answer.status)
      this.#leave(row)
      row.remove()
      this.#section.querySelector('[data-add]').focus()
      const action = answer.ok ? { label: this.#say('undo'), url: (await answer.json()).undo } : undefined
      window.edu.toast({ text: this.#say('deleted'), action })
    } catch {
      window.edu.toast({ text: this.#say('failed'), level: 'bad' })
    }
  }

  // ── Writing ────────────────────────────────────────────────────────────────────────────────
  // `base` is what an entry begins with: of a new note its key and spot, of another its revision.
  #edit(row, name, base, text) {
    const editor = fromTemplate('editor')
    const part = each => editor.querySelector(`[data-${each}]`)
    const writing = { row, base, part }
    this.#writing.set(name, writing)
    part('label').htmlFor = part('field').id = `field-${name}`
    part('of').textContent = base.spot?.quote ?? base.spot?.section ?? ''
    part('of').hidden = !part('of').textContent
    if (base.id || base.spot?.quote) part('moment-line')?.remove()
    part('field').value = text
    editor.addEventListener('input', () => this.#keep(name, writing))
    part('field').addEventListener('keydown', ({ key }) => key === 'Escape' && this.#done(name, writing))
    part('done').addEventListener('click', () => this.#done(name, writing))
    part('keep-mine').addEventListener('click', () => {
      part('conflict').hidden = true
      part('field').focus()
      this.#keeper.keepMine(name)
    })
    part('take-theirs').addEventListener('click', () => {
      this.#keeper.forget(name)
      this.#close(name, writing)
    })
    row.classList.add('is-open')
    row.append(editor)
    part('field').focus()
    editor.scrollIntoView({ block: 'nearest' })
  }

  #keep(name, { base, part }) {
    const moment = part('moment')
    if (moment?.value && !moment.checkValidity()) return
    const spot = moment?.value ? { ...base.spot, second: moment.value } : base.spot
    const text = part('field').value
    // a note begins with its first word
    if (!base.id && !text.trim() && !this.#keeper.entry(name)) return
    this.#keeper.put(name, { ...(this.#keeper.entry(name) ?? base), ...(base.id ? {} : { spot }), text })
  }

  // What is still on its way closes the editor when it has arrived.
  #done(name, writing) {
    if (this.#keeper.entry(name)) {
      writing.closing = true
      this.#keeper.put(name, {}, 0)
    } else {
      this.#close(name, writing)
    }
    this.#section.querySelector('[data-add]').focus()
  }

  #close(name, { row, last }) {
    this.#writing.delete(name)
    row.querySelector('.note-editor')?.remove()
    row.classList.remove('is-open')
    if (last) {
      const fresh = fromHtml(last)
      this.#leave(row)
      row.replaceWith(fresh)
      this.#place(fresh)
    } else if (!row.dataset.note) {
      row.remove()
    }
  }

  // ── What becomes of kept words ─────────────────────────────────────────────────────────────
  #hear(event, name, detail = {}) {
    const writing = this.#writing.get(name)
    if (event === 'gone') window.edu.toast({ text: this.#say('gone') })
    if (!writing) return
    if (event === 'saved') this.#saved(name, writing, detail)
    else if (event === 'conflict') this.#conflict(writing, detail.answer)
    else this.#tell(writing, detail.detail ?? this.#say(event) ?? '')
  }

  #tell({ row, part }, text) {
    if (part) part('state').textContent = text
    else row.textContent = text
  }

  #saved(name, writing, { answer, more }) {
    const { part } = writing
    writing.last = answer.html
    writing.base = { id: answer.id, url: `/notes/${answer.id}/`, revision: answer.revision }
    if (more) return
    if (part && !writing.closing) return this.#tell(writing, this.#say('saved'))
    this.#close(name, writing)
    if (!part) window.edu.toast(this.#say('bookmarked'))
  }

  #conflict(writing, answer) {
    const { part } = writing
    if (!part) return
    writing.closing = false
    writing.last = answer.html
    part('theirs').textContent = answer.text
    part('conflict').hidden = false
    part('state').textContent = ''
  }

  // Words of a page that was closed too early: open again as they were, and sent.
  #restore() {
    for (const name of this.#keeper.names) {
      const entry = this.#keeper.entry(name)
      const row = document.getElementById(`note-${entry?.id}`) ?? this.#list.appendChild(emptyRow())
      if (entry?.quiet) this.#writing.set(name, { row })
      else if (entry) this.#edit(row, name, entry, entry.text)
    }
    this.#keeper.flush()
  }
}
