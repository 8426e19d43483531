// A pre-test: one question after the other, by mouse, finger or keys. An answer that can't be sent
// stays on the page and is tried again.
import { watchOrder } from '../quiz/ordering.js'

const FIRST_WAIT = 2000
const LONGEST_WAIT = 15000
const texts = 'input:not([type=hidden], [type=radio], [type=checkbox])'
const main = document.getElementById('main')
let since
let spent
let waiting = false
let leaving = false

const formNow = () => document.getElementById('pretest')

function begin() {
  const form = formNow()
  watchOrder(form)
  since = performance.now()
  spent = 0
  waiting = false
  form.addEventListener('submit', event => {
    event.preventDefault()
    if (!waiting) send(form, answerOf(form, event.submitter), FIRST_WAIT)
  })
}

function countTime() {
  if (!document.hidden) spent += performance.now() - since
  since = performance.now()
}

function answerOf(form, button) {
  countTime()
  form.querySelector('[data-time]').value = Math.round(spent)
  return new FormData(form, button)
}

async function send(form, data, wait) {
  waiting = true
  for (const button of form.querySelectorAll('[type=submit]')) button.setAttribute('aria-disabled', 'true')
  try {
    const answer = await fetch(form.getAttribute('action'), { method: 'POST', body: data })
    if ([403, 404, 409].includes(answer.status)) return leave(() => location.reload())
    if (!answer.ok && answer.status !== 422) throw new Error(answer.status)
    const here = [location.pathname, new URL(form.action).pathname]
    if (!here.includes(new URL(answer.url).pathname)) return leave(() => location.assign(answer.url))
    show(await answer.text())
  } catch {
    form.querySelector('[data-not-sent]').hidden = false
    const again = () => {
      clearTimeout(timer)
      removeEventListener('online', again)
      send(form, data, Math.min(wait * 2, LONGEST_WAIT))
    }
    const timer = setTimeout(again, wait)
    addEventListener('online', again)
  }
}

function leave(go) {
  leaving = true
  go()
}

// The next question, or this one with what is wrong about the answer.
function show(html) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  main.replaceChildren(...page.getElementById('main').childNodes)
  begin()
  const form = formNow()
  const field = form.querySelector(`${texts}, select:not([data-place])`)
  ;(field ?? form.querySelector('[data-heading]')).focus()
  scrollTo(0, 0)
}

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
  const form = formNow()
  const typing = event.target.matches(`${texts}, textarea, select`)
  if (event.key === 'Enter' && !event.target.closest('a, button, summary')) {
    event.preventDefault()
    form.querySelector('[data-next]').click()
  } else if (event.key === '0' && !typing) {
    form.querySelector('[name=unknown]').click()
  } else if (/^[1-9]$/.test(event.key) && !typing) {
    const option = form.querySelectorAll('.option > input')[event.key - 1]
    if (!option) return
    event.preventDefault()
    option.click()
    option.focus()
  }
}

if (formNow()) {
  begin()
  document.addEventListener('keydown', press)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) spent += performance.now() - since
    since = performance.now()
  })
  addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload() })
  addEventListener('beforeunload', event => { if (waiting && !leaving) event.preventDefault() })
}
