// The page of a student's map: what is chosen on the canvas is told in the panel beside it.
import { Canvas } from './canvas.js'
import { wireTools } from './tools.js'

export function mapPage(host) {
  const frame = host.closest('[data-map]')
  const panel = frame.querySelector('[data-panel]')
  const url = id => host.dataset.url.replace('/0/', `/${id}/`)
  const canvas = new Canvas(host, { label: host.dataset.label, href: node => url(node.id), onSelect: open })
  let byKey = false

  async function open(id) {
    const wantsFocus = byKey
    history.replaceState(null, '', `?concept=${id}`)
    await htmx.ajax('GET', url(id), { target: panel, swap: 'innerHTML' })
    if (wantsFocus) panel.querySelector('h2')?.focus()
  }

  host.addEventListener('keydown', ({ key }) => { byKey = key === 'Enter' })
  host.addEventListener('pointerdown', () => { byKey = false })
  panel.addEventListener('click', event => {
    const link = event.target.closest('[data-concept]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    byKey = event.detail === 0
    canvas.select(Number(link.dataset.concept))
    canvas.bringIn(canvas.chosen)
    open(canvas.chosen.id)
  })
  panel.addEventListener('keydown', ({ key }) => key === 'Escape' && canvas.current?.element.focus())

  wireTools(frame, canvas)
  const shown = canvas.show(JSON.parse(host.dataset.graph))
  if (host.dataset.chosen) canvas.select(Number(host.dataset.chosen))
  return shown
}
