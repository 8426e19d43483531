// Toasts: toast({ text, level, action: { label, url } }) or the response header
// HX-Trigger: {"toast": {"text": "Card graded “Again”", "action": {"label": "Undo", "url": "/…/"}}}
const STAYS = 6000
const region = () => document.getElementById('toasts')

function dismiss(card) {
  card.remove()
}

function watch(card) {
  let timer
  const start = () => { timer = setTimeout(() => dismiss(card), STAYS) }
  const hold = () => clearTimeout(timer)
  card.addEventListener('mouseenter', hold)
  card.addEventListener('focusin', hold)
  card.addEventListener('mouseleave', start)
  card.addEventListener('focusout', start)
  start()
}

export function toast(said) {
  const { text, level = 'ok', action } = typeof said === 'string' ? { text: said } : said
  if (!region() || !text) return
  const card = document.getElementById('toast-card').content.firstElementChild.cloneNode(true)
  card.querySelector('[data-toast-text]').textContent = text
  card.querySelector('[data-toast-bad]').hidden = level !== 'bad'
  const button = card.querySelector('[data-toast-action]')
  if (action) {
    button.textContent = action.label
    button.hidden = false
    button.addEventListener('click', () => {
      window.htmx.ajax('POST', action.url, { target: action.target ?? 'body', swap: action.target ? 'outerHTML' : 'none' })
      dismiss(card)
    })
  }
  region().append(card)
  watch(card)
}

document.addEventListener('toast', ({ detail }) => toast('value' in detail ? detail.value : detail))
document.addEventListener('click', ({ target }) => {
  const close = target.closest('[data-toast-close]')
  if (close) dismiss(close.closest('[data-toast]'))
})
document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('#toasts [data-toast]').forEach(watch))
document.addEventListener('htmx:load', ({ target }) => {
  if (target.matches?.('#toasts > [data-toast]')) watch(target)
})
