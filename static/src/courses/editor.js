// A lesson being written: saved as it is typed, kept on this device until the server has it.
import { continueList, put, toolOf, tools } from './tools.js'

const SAVE_AFTER = 1500
const KEEP_AFTER = 250
const RETRY_AFTER = 10000

const same = (a, b) => a.title === b.title && a.content === b.content

export const lessonEditor = () => ({
  state: 'saved',
  mode: 'write',
  outline: 'closed',
  phone: false,
  problem: '',

  init() {
    const { id, revision, url } = this.$root.dataset
    this.key = `lesson:${id}`
    this.lesson = id
    this.url = url
    this.revision = Number(revision)
    this.stored = this.typed()
    this.recover()
    addEventListener('online', () => this.save())
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.save() })
    addEventListener('beforeunload', event => { if (!this.keep()) event.preventDefault() })
    if ('new' in this.$refs.title.dataset) this.$refs.title.select()
  },

  get isNotSaved() { return this.state !== 'saved' },
  get isNotSaving() { return !['saving', 'waiting'].includes(this.state) },
  get isNotOffline() { return this.state !== 'offline' },
  get isNotConflict() { return this.state !== 'conflict' },
  get isNotRefused() { return this.state !== 'refused' },
  get isOutlineOpen() { return String(this.outline === 'open') },
  get isWriting() { return String(this.mode === 'write') },
  get isReading() { return String(this.mode === 'preview') },
  get isPhone() { return String(this.phone) },

  toggleOutline() { this.outline = this.outline === 'open' ? 'closed' : 'open' },
  togglePhone() { this.phone = !this.phone },
  write() { this.mode = 'write' },
  read() { this.mode = 'preview' },

  typed() {
    return { title: this.$refs.title.value, content: this.$refs.text.value }
  },

  // ── Kept on this device ───────────────────────────────────────────────────────────────────────
  // False only when there is something that could not be kept.
  keep() {
    const now = this.typed()
    if (same(now, this.stored)) return true
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...now, revision: this.revision }))
      return true
    } catch {
      return false
    }
  },
  forget() {
    try { localStorage.removeItem(this.key) } catch { /* nothing was kept */ }
  },
  recover() {
    let kept
    try { kept = JSON.parse(localStorage.getItem(this.key)) } catch { kept = null }
    if (!kept) return
    if (same(kept, this.stored)) return this.forget()
    this.$refs.title.value = kept.title
    this.$refs.text.value = kept.content
    this.$nextTick(() => window.htmx.trigger(this.$refs.text, 'edited'))
    if (kept.revision === this.revision) return this.save()
    this.state = 'conflict'
  },

  // ── Saving ────────────────────────────────────────────────────────────────────────────────────
  changed() {
    this.showTitle()
    clearTimeout(this.keeping)
    this.keeping = setTimeout(() => this.keep(), KEEP_AFTER)
    if (this.state === 'conflict') return
    if (this.state !== 'saving') this.state = 'waiting'
    this.later(SAVE_AFTER)
  },
  later(delay) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), delay)
  },
  async save(overwrite = false) {
    clearTimeout(this.timer)
    const sent = this.typed()
    if (this.state === 'saving' || (this.state === 'conflict' && !overwrite)) return
    if (same(sent, this.stored) && !overwrite) {
      this.state = 'saved'
      return this.forget()
    }
    this.keep()
    this.state = 'saving'
    let response
    try {
      response = await fetch(this.url, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': window.edu.csrfToken() },
        body: JSON.stringify(overwrite ? sent : { ...sent, revision: this.revision }),
      })
      this.answered(response, await response.json(), sent)
    } catch {
      this.state = response ? 'refused' : 'offline'
      this.later(RETRY_AFTER)
    }
  },
  answered(response, answer, sent) {
    if (response.ok) {
      this.stored = sent
      this.revision = answer.revision
      this.state = 'saved'
      if (same(this.typed(), sent)) this.forget()
      else this.changed()
    } else if (response.status === 409) {
      this.state = 'conflict'
    } else {
      this.state = 'refused'
      this.problem = Object.values(answer.errors ?? {}).flat()[0] ?? answer.detail
      if (response.status >= 429) this.later(RETRY_AFTER)
    }
  },
  keepMine() { this.save(true) },
  takeTheirs() {
    this.stored = this.typed()
    this.forget()
    location.reload()
  },
  showTitle() {
    const title = this.$refs.title.value
    const inOutline = this.$root.querySelector(`[data-lesson="${this.lesson}"] [data-title]`)
    if (inOutline) inOutline.textContent = title
  },

  // ── Tools ─────────────────────────────────────────────────────────────────────────────────────
  tool({ currentTarget }) {
    tools[currentTarget.dataset.tool](this.$refs.text, this.$root.dataset)
  },
  keys(event) {
    const name = toolOf(event)
    if (name) {
      event.preventDefault()
      tools[name](this.$refs.text, this.$root.dataset)
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault()
      this.save()
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && continueList(this.$refs.text)) {
      event.preventDefault()
    }
  },

  // ── Pictures ──────────────────────────────────────────────────────────────────────────────────
  choosePicture() { this.$refs.pictures.click() },
  picturesChosen({ target }) {
    this.upload(target.files)
    target.value = ''
  },
  pasted(event) {
    if (this.upload(event.clipboardData.files)) event.preventDefault()
  },
  dropped(event) {
    if (this.upload(event.dataTransfer.files)) event.preventDefault()
  },
  upload(files) {
    const pictures = [...files].filter(file => file.type.startsWith('image/'))
    pictures.forEach(file => this.uploadOne(file))
    return pictures.length > 0
  },
  async uploadOne(file) {
    const text = this.$refs.text
    const name = file.name.replace(/\.[^.]*$/, '').replace(/[[\]]/g, '')
    const waiting = `![${this.$root.dataset.uploading} ${name}]()`
    put(text, text.selectionStart, text.selectionEnd, `${waiting}\n`)
    const body = new FormData()
    body.append('file', file)
    body.append('purpose', 'lesson_image')
    let made = ''
    try {
      const response = await fetch('/api/uploads', { method: 'POST', headers: { 'X-CSRFToken': window.edu.csrfToken() }, body })
      const answer = await response.json()
      if (response.ok) made = `![${name}](${answer.url})`
      else window.edu.toast({ text: Object.values(answer.errors ?? {}).flat()[0] ?? answer.detail, level: 'bad' })
    } catch {
      window.edu.toast({ text: document.getElementById('toasts').dataset.offline, level: 'bad' })
    }
    const at = text.value.indexOf(waiting)
    if (at >= 0) put(text, at, at + waiting.length, made)
  },
})
