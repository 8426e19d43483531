// Where a message is written: Enter sends, a draft stays in the browser, a file goes up before it is sent.
const TYPING = 2500

export class Composer {
  #form = document.getElementById('composer')
  #text = this.#form.querySelector('textarea')
  #file = this.#form.querySelector('input[type=file]')
  #attached = this.#form.querySelector('[data-attached]')
  #replyTo = this.#form.querySelector('[data-reply-to]')
  #draft = `edu.draft.${this.#form.dataset.key}`
  #upload = null
  #reply = null
  #typed = 0

  // `send(message)` takes what was written; `conversation` is told that somebody types
  constructor({ conversation, send }) {
    this.conversation = conversation
    this.send = send
    this.#restore()
    this.#grow()
    this.#text.addEventListener('input', () => this.#changed())
    this.#text.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault()
        this.#submit()
      } else if (event.key === 'Escape' && this.#reply) this.reply(null)
    })
    this.#form.addEventListener('submit', event => {
      if (event.submitter?.hasAttribute('formaction')) return
      event.preventDefault()
      event.stopImmediatePropagation()
      this.#submit()
    }, true)
    this.#file.addEventListener('change', () => this.attach(this.#file.files[0]))
    this.#text.addEventListener('paste', event => {
      const file = [...event.clipboardData.files][0]
      if (!file) return
      event.preventDefault()
      this.attach(file)
    })
    this.#form.addEventListener('dragover', event => { event.preventDefault(); this.#form.classList.add('is-over') })
    this.#form.addEventListener('dragleave', () => this.#form.classList.remove('is-over'))
    this.#form.addEventListener('drop', event => {
      event.preventDefault()
      this.#form.classList.remove('is-over')
      this.attach(event.dataTransfer.files[0])
    })
    this.#form.querySelector('[data-file-off]').addEventListener('click', () => this.attach(null))
    this.#form.querySelector('[data-file-again]').addEventListener('click', () => this.attach(this.#upload.file))
    this.#form.querySelector('[data-reply-off]').addEventListener('click', () => this.reply(null))
    if (matchMedia('(pointer: fine) and (min-width: 48rem)').matches) this.focus()
  }

  focus() { this.#text.focus({ preventScroll: true }) }

  // a message that wasn't sent, to be changed
  take({ content }) {
    this.#text.value = [content, this.#text.value].filter(Boolean).join('\n')
    this.#changed()
    this.focus()
  }

  reply(to) {
    this.#reply = to
    this.#replyTo.hidden = !to
    this.#form.elements.reply_to.value = to?.id ?? ''
    if (!to) return
    this.#replyTo.querySelector('[data-reply-name]').textContent = to.name
    this.#replyTo.querySelector('[data-reply-text]').textContent = to.text
    this.focus()
  }

  #changed() {
    this.#grow()
    try {
      if (this.#text.value) localStorage.setItem(this.#draft, this.#text.value)
      else localStorage.removeItem(this.#draft)
    } catch { /* storage is forbidden */ }
    if (this.#text.value && Date.now() - this.#typed > TYPING) {
      this.#typed = Date.now()
      window.edu.send('typing', { conversation: this.conversation })
    }
  }

  #restore() {
    try {
      this.#text.value ||= localStorage.getItem(this.#draft) ?? ''
    } catch { /* nothing was kept */ }
  }

  #grow() {
    this.#text.rows = 1
    this.#text.rows = Math.min(8, Math.max(1, Math.round((this.#text.scrollHeight - 12) / 24)))
  }

  #submit() {
    const content = this.#text.value.trim()
    if (this.#upload && !this.#upload.id) return // it is sent once its file is there
    if (!content && !this.#upload) return this.focus()
    this.send({
      content,
      attachment: this.#upload?.id,
      file: this.#upload?.file.name,
      reply: this.#reply?.id,
      quoted: this.#reply && `${this.#reply.name}: ${this.#reply.text}`,
    })
    this.#text.value = ''
    this.#typed = 0
    this.#changed()
    this.attach(null)
    this.reply(null)
    this.focus()
  }

  // ── The file ──
  attach(file) {
    this.#upload?.request?.abort()
    if (this.#upload?.seen) URL.revokeObjectURL(this.#upload.seen)
    this.#upload = file ? { file } : null
    this.#attached.hidden = !file
    this.#file.value = ''
    if (!file) return
    const thumb = this.#attached.querySelector('[data-thumb]')
    thumb.hidden = true
    if (/^image\/(png|jpeg|gif|webp|avif)$/.test(file.type)) this.#preview(thumb, file)
    this.#attached.querySelector('[data-file-name]').textContent = file.name
    this.#send(this.#upload)
    this.focus()
  }

  // the policy lets pictures come from here and as data:
  #preview(thumb, file) {
    const reader = new FileReader()
    reader.onload = () => {
      thumb.src = reader.result
      thumb.hidden = false
    }
    reader.readAsDataURL(file)
  }

  #send(upload) {
    const said = this.#attached.querySelector('[data-file-said]')
    const bar = this.#attached.querySelector('[data-progress]')
    const again = this.#attached.querySelector('[data-file-again]')
    const request = new XMLHttpRequest()
    const body = new FormData()
    body.append('purpose', 'message')
    body.append('file', upload.file)
    upload.request = request
    bar.hidden = false
    bar.value = 0
    again.hidden = true
    said.textContent = said.dataset.uploading
    request.upload.onprogress = ({ loaded, total }) => { bar.value = 100 * loaded / total }
    request.onload = () => {
      bar.hidden = true
      const answer = parsed(request.responseText)
      if (request.status === 201) {
        upload.id = answer.id
        said.textContent = said.dataset.ready
        return
      }
      said.textContent = Object.values(answer.errors ?? {}).flat()[0] ?? answer.detail ?? said.dataset.failed
      again.hidden = request.status < 500 && request.status !== 429
    }
    request.onerror = () => {
      bar.hidden = true
      again.hidden = false
      said.textContent = said.dataset.failed
    }
    request.open('POST', this.#form.dataset.uploads)
    request.setRequestHeader('X-CSRFToken', window.edu.csrfToken())
    request.send(body)
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
