// The studio's graph of concepts: drawn from what the server holds, each change sent as it is made.
import { Canvas } from '../graph/canvas.js'
import { wireTools } from '../graph/tools.js'

const host = document.querySelector('[data-editor]')
const frame = host.closest('[data-map]')
const panel = frame.querySelector('[data-panel]')
const held = () => document.getElementById('graph-data').dataset
const url = id => host.dataset.url.replace('/0/', `/${id}/`)

const isShown = id => panel.querySelector(`[data-shown="${id}"]`)
// what is shown stays, with the dialog that may stand open in it
const open = id => isShown(id) || htmx.ajax('GET', url(id), { target: panel, swap: 'innerHTML' })
const connect = (source, target) =>
  htmx.ajax('POST', host.dataset.connect, { target: panel, swap: 'innerHTML', values: { source, target, confirmed: 1 } })

const canvas = new Canvas(host, { label: host.dataset.label, href: node => `?concept=${node.id}`, onSelect: open, onConnect: connect })

function draw() {
  canvas.show(JSON.parse(held().graph))
  if (held().chosen) canvas.select(Number(held().chosen))
}

document.addEventListener('htmx:oobAfterSwap', ({ target }) => target.id === 'graph-data' && draw())
panel.addEventListener('click', event => {
  const link = event.target.closest('[data-concept]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  canvas.select(Number(link.dataset.concept))
  canvas.bringIn(canvas.chosen)
  open(canvas.chosen.id)
})
panel.addEventListener('keydown', ({ key, target }) => key === 'Escape' && !target.closest('dialog') && canvas.current?.element.focus())
frame.querySelector('[data-add]').addEventListener('htmx:afterRequest', ({ detail, currentTarget }) => detail.successful && currentTarget.reset())

wireTools(frame, canvas)
draw()
