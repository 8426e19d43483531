import './beat.js'
import './beside/index.js'

// Completing a lesson shows at once in the curriculum; a refusal takes the mark back.
const show = done => {
  for (const row of document.querySelectorAll('[data-current-lesson]')) {
    row.querySelector('[data-done]').hidden = !done
    row.querySelector('[data-undone]').hidden = done
  }
}

document.addEventListener('htmx:beforeRequest', ({ target }) => target.matches('[data-completes]') && show(true))
document.addEventListener('htmx:afterRequest', ({ target, detail }) => target.matches('[data-completes]') && !detail.successful && show(false))
