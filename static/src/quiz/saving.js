// Answers go to the server as they are given. What couldn't be sent stays on the page and is tried again.
const TYPING = 700
const FIRST_WAIT = 2000
const LONGEST_WAIT = 15000

const idOf = section => section.dataset.question

// The fields of some questions, as their form would send them.
function fieldsOf(form, ids) {
  const all = new FormData(form)
  const some = new FormData()
  for (const [name, value] of all) {
    const question = name.match(/^[qt](\d+)/)?.[1] ?? (name === 'asked' ? value : null)
    if (question === null || ids.has(question)) some.append(name, value)
  }
  return some
}

function showError(form, id, text) {
  const section = form.querySelector(`[data-question="${id}"]`)
  const line = section.querySelector('[data-error]')
  line.querySelector('span').textContent = text ?? ''
  line.hidden = !text
  for (const input of section.querySelectorAll('.input')) {
    if (text) input.setAttribute('aria-invalid', 'true')
    else input.removeAttribute('aria-invalid')
  }
}

export function keepSaving(form) {
  const waiting = new Set()
  const saved = form.querySelector('[data-saved]')
  const notSaved = form.querySelector('[data-not-saved]')
  let wait = FIRST_WAIT
  let timer
  let sending = false
  let leaving = false

  const tell = state => {
    saved.hidden = state !== 'saved'
    notSaved.hidden = state !== 'failed'
  }

  function plan(after) {
    clearTimeout(timer)
    timer = setTimeout(send, after)
  }

  function failed(ids) {
    for (const id of ids) waiting.add(id)
    tell('failed')
    plan(wait)
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }

  async function send() {
    if (sending || !waiting.size || leaving) return
    const ids = new Set(waiting)
    waiting.clear()
    sending = true
    try {
      const answer = await fetch(form.dataset.save, { method: 'POST', body: fieldsOf(form, ids), headers: { Accept: 'application/json' } })
      if (leaving) return // the quiz was handed in meanwhile, with this answer
      // the attempt has ended, or another one is open: the page shows what is true now
      if (answer.redirected || [403, 404, 409].includes(answer.status)) {
        leaving = true
        return location.reload()
      }
      if (!answer.ok) throw new Error(answer.status)
      const { errors } = await answer.json()
      for (const id of ids) showError(form, id, errors[id])
      wait = FIRST_WAIT
      tell(Object.keys(errors).length ? '' : 'saved')
    } catch {
      failed(ids)
    } finally {
      sending = false
    }
    if (waiting.size && notSaved.hidden) plan(0)
  }

  function changed(section, after) {
    waiting.add(idOf(section))
    saved.hidden = true
    plan(after)
  }

  form.addEventListener('input', ({ target }) => {
    const section = target.closest('[data-question]')
    if (section) changed(section, target.matches('[type=radio], [type=checkbox], select') ? 0 : TYPING)
  })
  addEventListener('online', () => plan(0))
  form.addEventListener('quiz:ending', () => plan(0))
  form.addEventListener('submit', () => { leaving = true })
  addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload() })
  addEventListener('beforeunload', event => {
    if (waiting.size && !leaving) event.preventDefault()
  })
}
