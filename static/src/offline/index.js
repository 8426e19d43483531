// The offline page: what can be read all the same; it reloads when the connection is back.
import { moment } from '../core/moment.js'
import { readable } from '../worker/shelf.js'

async function list(place) {
  const { lessons, review } = await readable()
  place.querySelector('[data-kept-review]').hidden = !review
  const row = place.querySelector('template').content.firstElementChild
  const words = new DOMParser() // titles come out of pages, with their entities
  const rows = lessons.map(({ path, title, at }) => {
    const copy = row.cloneNode(true)
    copy.querySelector('a').href = path
    copy.querySelector('a').textContent = words.parseFromString(title, 'text/html').body.textContent
    copy.querySelector('time').textContent = moment(at)
    return copy
  })
  place.querySelector('ul').replaceChildren(...rows)
  place.querySelector('[data-kept-list]').hidden = !rows.length
}

document.addEventListener('DOMContentLoaded', () => list(document.querySelector('[data-offline-page]')).catch(() => {}))

// a connection that only flickers takes nobody from the page that they have just chosen
const STEADY = 1000
let isLeaving = false
addEventListener('beforeunload', () => { isLeaving = true })
addEventListener('online', () => setTimeout(() => navigator.onLine && !isLeaving && location.reload(), STEADY))
