// The map of concepts as SVG: zoomed, dragged, walked by keys. Colours are classes of the style sheet.
import { drag } from 'd3-drag'
import { select } from 'd3-selection'
import { zoom, zoomIdentity, zoomTransform } from 'd3-zoom'
import { arrow } from './edges.js'
import { lines, placed } from './labels.js'
import { radius, settle, simulation } from './layout.js'
import { isWay, neighbour } from './walk.js'

const RING = 5
const MARGIN = { x: 84, y: 44 }
const LARGEST = 2.5
const CLOSEST_FIT = 1.15
const SLOW = 320 // milliseconds, as --slow
const NEIGHBOURHOOD = { width: 640, from: 14 } // narrower than that, with more concepts than that
const still = matchMedia('(prefers-reduced-motion: reduce)')

const svg = (name, attributes = {}) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const key in attributes) element.setAttribute(key, attributes[key])
  return element
}

// `graph`: {nodes: [{id, name, level, importance, told}], edges: [{from, to, open}]}; a node without a level is plain.
// `href(node)` makes nodes links; without it the map is a picture. `onSelect(id)` when one is opened.
// `onConnect(from, to)`: a drag joins two nodes in place of moving one.
export class Canvas {
  constructor(host, { label, href, onSelect, onConnect }) {
    Object.assign(this, { host, href, onSelect, onConnect, chosen: null, current: null, nodes: [], links: [], moved: false })
    this.root = svg('svg', { class: 'map graph', role: href ? 'group' : 'img', 'aria-label': label })
    this.world = svg('g')
    this.paths = Object.fromEntries(['edge', 'edge edge-open', 'edge edge-on', 'edge edge-open edge-on', 'arrow', 'arrow arrow-on', 'edge edge-on edge-new'].map(name => [name, svg('path', { class: name })]))
    this.dots = svg('g')
    this.names = svg('g', { 'aria-hidden': 'true' })
    this.ring = svg('circle', { class: 'ring', display: 'none' })
    this.world.append(...Object.values(this.paths), this.ring, this.dots, this.names)
    this.root.append(this.world)
    host.append(this.root)
    this.listen()
  }

  listen() {
    this.zoom = zoom()
      .scaleExtent([0.05, LARGEST])
      .clickDistance(4)
      .on('zoom', ({ transform, sourceEvent }) => {
        if (sourceEvent) this.moved = true
        this.world.setAttribute('transform', transform)
      })
      .on('end', () => this.label())
    if (this.href) {
      select(this.root).call(this.zoom).on('dblclick.zoom', null)
      this.dots.addEventListener('click', event => this.clicked(event))
      this.dots.addEventListener('focusin', event => this.focused(event))
      this.root.addEventListener('keydown', event => this.pressed(event))
    }
    new ResizeObserver(() => this.resized()).observe(this.host)
    document.fonts.ready.then(() => { this.measure(); this.label() })
  }

  // ── What is shown ─────────────────────────────────────────────────────────────────────────
  // Draws another graph; concepts that stay keep the focus and the choice.
  async show(graph) {
    // a graph that never came to rest hands the focus on
    this.focusedId = document.activeElement?.closest?.('[data-node]')?.dataset.node ?? this.focusedId
    const old = new Map(this.nodes.map(node => [node.id, node]))
    this.nodes = graph.nodes.map(node => ({ ...node, radius: radius(node.importance), lines: lines(node.name), before: [], next: [] }))
    this.byId = new Map(this.nodes.map(node => [node.id, node]))
    this.links = graph.edges.map(({ from, to, open }) => ({ source: this.byId.get(from), target: this.byId.get(to), open }))
    for (const { source, target } of this.links) {
      source.next.push(target)
      target.before.push(source)
    }
    this.chosen = this.byId.get(this.chosen?.id) ?? null
    this.current = this.byId.get(this.current?.id) ?? this.chosen ?? this.nodes[0] ?? null
    this.dots.replaceChildren(...this.nodes.map(node => this.dot(node)))
    this.names.replaceChildren(...this.nodes.map(node => this.name(node)))
    this.measure()
    const forces = this.forces = simulation(this.nodes, this.links)
    const begun = performance.now()
    this.host.removeAttribute('data-settled')
    await settle(forces, () => still.matches || old.size || this.draw(), () => this.forces !== forces)
    if (this.forces !== forces) return // a later graph is on its way, and tells when it rests
    this.host.dataset.settled = Math.round(performance.now() - begun)
    this.draw()
    if (this.focusedId) this.byId.get(Number(this.focusedId))?.element.focus({ preventScroll: true })
    this.focusedId = undefined
    if (!this.moved) this.frame(false)
    this.label()
  }

  dot(node) {
    const circle = svg('circle', { r: node.radius, class: `node ${node.level == null ? 'plain' : `m${node.level}`}` })
    node.element = this.href ? svg('a', { href: this.href(node), tabindex: node === this.current ? 0 : -1, 'aria-label': node.told ?? node.name }) : svg('g')
    node.element.dataset.node = node.id
    if (this.href) {
      // a finger is wider than a small circle
      node.element.append(svg('circle', { r: Math.max(node.radius + 6, 18), class: 'reach' }))
      select(node.element).call(this.onConnect ? this.connecting(node) : this.moving(node))
    }
    node.element.append(circle)
    return node.element
  }

  name(node) {
    node.text = svg('text', { 'text-anchor': 'middle', display: 'none' })
    node.lines.forEach((line, i) => {
      const part = svg('tspan', { x: 0, dy: i ? 15 : 0 })
      part.textContent = line
      node.text.append(part)
    })
    return node.text
  }

  measure() {
    const pen = document.createElement('canvas').getContext('2d')
    pen.font = `500 13px ${getComputedStyle(this.host).fontFamily}`
    for (const node of this.nodes) node.width = Math.max(...node.lines.map(line => pen.measureText(line).width)) + 6
  }

  draw() {
    for (const node of this.nodes) node.element.setAttribute('transform', `translate(${Math.round(node.x * 10) / 10} ${Math.round(node.y * 10) / 10})`)
    this.drawEdges()
    this.drawRing()
  }

  drawEdges() {
    const parts = Object.fromEntries(Object.keys(this.paths).map(name => [name, []]))
    for (const { source, target, open } of this.links) {
      const on = this.chosen && (source === this.chosen || target === this.chosen)
      const { line, head } = arrow(this.rimmed(source), this.rimmed(target))
      parts[`edge${open ? ' edge-open' : ''}${on ? ' edge-on' : ''}`].push(line)
      parts[on ? 'arrow arrow-on' : 'arrow'].push(head)
    }
    for (const name in parts) if (name !== 'edge edge-on edge-new') this.paths[name].setAttribute('d', parts[name].join(''))
  }

  rimmed(node) {
    return node === this.chosen ? { x: node.x, y: node.y, radius: node.radius + RING } : node
  }

  drawRing() {
    const node = this.chosen
    this.ring.setAttribute('display', node ? 'inline' : 'none')
    if (!node) return
    for (const [key, value] of [['cx', node.x], ['cy', node.y], ['r', node.radius + RING]]) this.ring.setAttribute(key, value)
  }

  // Names keep their size on the screen, whatever the scale.
  label() {
    if (!this.nodes.length || !this.size) return
    const { k } = zoomTransform(this.root)
    const near = node => node === this.chosen || node === this.current || node.before.includes(this.chosen) || node.next.includes(this.chosen)
    for (const node of this.nodes) node.ring = node === this.chosen ? RING : 0
    const shown = placed(this.nodes, k, near)
    for (const node of this.nodes) {
      const place = shown.get(node)
      node.text.setAttribute('display', place ? 'inline' : 'none')
      if (!place) continue
      const rim = node.radius + node.ring + 3 / k
      const y = node.y + (place.below ? rim + 12 / k : -rim - ((node.lines.length - 1) * 15 + 3) / k)
      node.text.setAttribute('transform', `translate(${node.x} ${y}) scale(${1 / k})`)
    }
  }

  // ── Choosing ──────────────────────────────────────────────────────────────────────────────
  select(id) {
    this.chosen = this.byId.get(id) ?? null
    if (this.chosen) this.walkTo(this.chosen)
    this.drawEdges()
    this.drawRing()
    this.label()
  }

  walkTo(node) {
    this.current?.element.setAttribute('tabindex', -1)
    this.current = node
    node.element.setAttribute('tabindex', 0)
  }

  nodeOf(event) {
    return this.byId.get(Number(event.target.closest('[data-node]')?.dataset.node))
  }

  clicked(event) {
    const node = this.nodeOf(event)
    if (!node || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.select(node.id)
    this.onSelect?.(node.id)
  }

  focused(event) {
    const node = this.nodeOf(event)
    if (!node) return
    this.walkTo(node)
    this.bringIn(node)
    this.label()
  }

  pressed(event) {
    const node = this.nodeOf(event)
    if (node && isWay(event.key)) {
      event.preventDefault()
      neighbour(this.nodes, node, event.key)?.element.focus({ preventScroll: true })
    } else if (event.key === '+' || event.key === '=') this.scaleBy(1.4)
    else if (event.key === '-') this.scaleBy(1 / 1.4)
    else if (event.key === '0') this.fit()
  }

  // ── Where one looks ───────────────────────────────────────────────────────────────────────
  go(transform, moving = true) {
    const target = select(this.root)
    if (moving && !still.matches) target.transition().duration(SLOW).call(this.zoom.transform, transform)
    else target.call(this.zoom.transform, transform)
  }

  scaleBy(factor) {
    this.moved = true
    const target = select(this.root)
    if (still.matches) target.call(this.zoom.scaleBy, factor)
    else target.transition().duration(SLOW).call(this.zoom.scaleBy, factor)
  }

  fit(moving = true) {
    this.moved = false
    this.around(this.nodes, moving)
  }

  // All of it; where that would be too small to read, the chosen concept with its neighbours.
  frame(moving) {
    const narrow = this.size && this.size.width < NEIGHBOURHOOD.width && this.nodes.length > NEIGHBOURHOOD.from
    if (narrow && this.chosen) this.around([this.chosen, ...this.chosen.before, ...this.chosen.next], moving)
    else this.around(this.nodes, moving)
  }

  around(nodes, moving) {
    if (!nodes.length || !this.size) return
    const { width, height } = this.size
    const span = axis => [Math.min(...nodes.map(node => node[axis] - node.radius)), Math.max(...nodes.map(node => node[axis] + node.radius))]
    const [[x0, x1], [y0, y1]] = [span('x'), span('y')]
    const k = Math.min(CLOSEST_FIT, Math.max(50, width - 2 * MARGIN.x) / (x1 - x0), Math.max(50, height - 2 * MARGIN.y) / (y1 - y0))
    this.go(zoomIdentity.translate(width / 2 - (k * (x0 + x1)) / 2, height / 2 - (k * (y0 + y1)) / 2).scale(k), moving)
  }

  bringIn(node) {
    const { k, x, y } = zoomTransform(this.root)
    const [sx, sy] = [node.x * k + x, node.y * k + y]
    const inside = sx > MARGIN.x / 2 && sx < this.size.width - MARGIN.x / 2 && sy > MARGIN.y / 2 && sy < this.size.height - MARGIN.y / 2
    if (!inside) this.go(zoomIdentity.translate(this.size.width / 2 - node.x * k, this.size.height / 2 - node.y * k).scale(k))
  }

  resized() {
    const { width, height } = this.host.getBoundingClientRect()
    if (!width || !height) return
    this.size = { width, height }
    this.root.setAttribute('viewBox', `0 0 ${width} ${height}`)
    this.zoom.extent([[0, 0], [width, height]])
    if (!this.moved) this.frame(false)
  }

  // ── Dragging ──────────────────────────────────────────────────────────────────────────────
  // A node goes with the finger, and its neighbours follow.
  moving(node) {
    return drag()
      .container(this.world)
      .clickDistance(4)
      .on('start', () => { this.stirring = !still.matches })
      .on('drag', ({ x, y }) => {
        this.moved = true
        Object.assign(node, { x, y, fx: x, fy: y })
        if (this.stirring) this.stir()
        else this.draw()
      })
      .on('end', () => {
        this.stirring = false
        this.label()
      })
  }

  stir() {
    if (this.stir.running) return
    this.stir.running = true
    this.forces.alpha(0.25)
    requestAnimationFrame(() => {
      this.stir.running = false
      this.forces.tick()
      this.draw()
      this.label()
    })
  }

  // A line goes from the node to the pointer; let go over another one, it joins them.
  connecting(node) {
    const line = this.paths['edge edge-on edge-new']
    return drag()
      .container(this.world)
      .clickDistance(4)
      .on('drag', ({ x, y }) => {
        const over = this.nodeAt(x, y)
        this.host.toggleAttribute('data-circle', Boolean(over && leadsTo(over, node)))
        const { line: curve, head } = arrow(node, over ?? { x, y, radius: 0 })
        line.setAttribute('d', curve + head)
      })
      .on('end', ({ x, y }) => {
        const over = this.nodeAt(x, y)
        line.setAttribute('d', '')
        this.host.removeAttribute('data-circle')
        if (over && over !== node) this.onConnect(node.id, over.id)
      })
  }

  nodeAt(x, y) {
    return this.nodes.find(node => Math.hypot(node.x - x, node.y - y) < node.radius + 8)
  }
}

// Whether the arrows lead from one to the other: the way back would close a circle.
function leadsTo(from, to) {
  const seen = new Set([from])
  for (const node of seen) {
    if (node === to) return true
    for (const next of node.next) seen.add(next)
  }
  return false
}
