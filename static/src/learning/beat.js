// A lesson's page says that it was opened, and every half minute that it is read: visible, and touched not
// long ago.
import { csrfToken } from '../core/csrf.js'

const EVERY = 30_000
const IDLE = 180_000
const IDLE_AT_VIDEO = 900_000 // an embedded player tells nothing of what happens inside it
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'scroll', 'wheel', 'touchstart']

const page = document.querySelector('[data-beat]')
let touched = Date.now()
let told = Date.now()

const atVideo = () => document.activeElement?.tagName === 'IFRAME'
const isActive = () => Date.now() - touched < (atVideo() ? IDLE_AT_VIDEO : IDLE)

function send(kind) {
  const body = new FormData()
  body.append('kind', kind)
  body.append('seconds', Math.min(EVERY, Date.now() - told) / 1000)
  body.append('csrfmiddlewaretoken', csrfToken())
  navigator.sendBeacon(page.dataset.beat, body)
}

function beat() {
  if (isActive()) send(atVideo() ? 'video' : 'lesson')
  told = Date.now()
}

if (page) {
  if (page.hasAttribute('data-beat-opened')) send('opened')
  for (const sign of SIGNS) addEventListener(sign, () => { touched = Date.now() }, { passive: true, capture: true })
  addEventListener('blur', () => { if (atVideo()) touched = Date.now() })
  setInterval(() => { if (document.visibilityState === 'visible') beat() }, EVERY)
  document.addEventListener('visibilitychange', () => {
    // gone: what was read since the last beat; back: nothing was read in between
    if (document.visibilityState === 'hidden') beat()
    else { touched = Date.now(); told = touched }
  })
  document.addEventListener('toggle', ({ target }) => {
    if (target.open && target.matches('[data-digest]')) send('digest')
  }, true)
}
