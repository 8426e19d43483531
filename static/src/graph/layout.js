// Where concepts stand: in columns by what each needs, loosened by forces. The same graph always gives
// the same picture: nothing here is left to chance, and d3-force draws its jiggle from a fixed seed.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force'

const WIDTH = 190 // room that one concept takes, with its label
const HEIGHT = 110
const ASPECT = 1.45
const SWEEPS = 8
const SLICE = 12 // milliseconds of work between two pictures

export const radius = importance => 6.5 + 2.5 * importance

// The longest way from a concept that needs nothing; `next` and `before` are neighbours by id.
export function depths(nodes) {
  const waiting = new Map(nodes.map(node => [node, node.before.length]))
  const depth = new Map(nodes.map(node => [node, 0]))
  const ready = nodes.filter(node => !node.before.length)
  for (const node of ready) {
    for (const next of node.next) {
      depth.set(next, Math.max(depth.get(next), depth.get(node) + 1))
      waiting.set(next, waiting.get(next) - 1)
      if (!waiting.get(next)) ready.push(next)
    }
  }
  return depth
}

function columns(nodes) {
  const depth = depths(nodes)
  const found = Array.from({ length: Math.max(0, ...depth.values()) + 1 }, () => [])
  for (const node of nodes) found[depth.get(node)].push(node)
  return found
}

// Neighbours come to the same height: each column is sorted by the mean place of what it is joined to.
function untangle(sorted) {
  const place = new Map()
  const number = column => column.forEach((node, i) => place.set(node, (i + 0.5) / column.length))
  const mean = (nodes, otherwise) => nodes.length ? nodes.reduce((sum, node) => sum + place.get(node), 0) / nodes.length : otherwise
  sorted.forEach(number)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const there = sweep % 2 === 0
    for (const column of there ? sorted : [...sorted].reverse()) {
      const wanted = new Map(column.map(node => [node, mean(there ? node.before : node.next, place.get(node))]))
      column.sort((a, b) => wanted.get(a) - wanted.get(b) || a.index - b.index)
      number(column)
    }
  }
}

// Gives each node its starting place and the x that its depth pulls it to.
function seed(nodes) {
  const sorted = columns(nodes)
  untangle(sorted)
  const width = Math.sqrt(nodes.length * WIDTH * HEIGHT * ASPECT)
  const rows = Math.max(3, Math.round(width / ASPECT / HEIGHT))
  const shares = sorted.map(column => Math.ceil(column.length / rows))
  const step = width / shares.reduce((sum, share) => sum + share, 0)
  let left = 0
  sorted.forEach((column, depth) => {
    const inRow = shares[depth]
    const height = Math.ceil(column.length / inRow)
    column.forEach((node, i) => {
      node.x = node.pull = (left + (i % inRow) + 0.5) * step
      node.y = node.level_y = (Math.floor(i / inRow) + 0.5 - height / 2) * (width / ASPECT / Math.max(height, rows * 0.7)) + ((depth + i) % 2 ? 9 : -9)
    })
    left += inRow
  })
}

// The forces, not yet run. `nodes` have radius, before and next; `links` source and target.
export function simulation(nodes, links) {
  nodes.forEach((node, index) => { node.index = index })
  seed(nodes)
  return forceSimulation(nodes)
    .stop()
    .alphaDecay(1 - 0.001 ** (1 / 120))
    .velocityDecay(0.45)
    .force('link', forceLink(links).distance(120).strength(0.12))
    .force('charge', forceManyBody().strength(-320).distanceMax(420))
    .force('x', forceX(node => node.pull).strength(0.28))
    .force('y', forceY(node => node.level_y).strength(0.07))
    .force('apart', forceCollide(node => node.radius + 26).strength(0.7))
}

const frame = () => new Promise(requestAnimationFrame)

// Runs the forces until they rest or are given up, a slice at a time so that the page stays awake.
export async function settle(forces, draw, isGivenUp) {
  while (forces.alpha() > forces.alphaMin() && !isGivenUp()) {
    const end = performance.now() + SLICE
    do forces.tick()
    while (forces.alpha() > forces.alphaMin() && performance.now() < end)
    draw()
    await frame()
  }
}
