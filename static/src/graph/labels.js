// Names beside the nodes: as many as fit without lying on each other, the weighty ones first.
import { isFreerBelow } from './edges.js'

const LINE = 15
const LONGEST = 22 // characters of a line; a longer name takes two
const SPACE = 3

export function lines(name) {
  if (name.length <= LONGEST) return [name]
  const words = name.split(' ')
  let first = words.shift()
  while (words.length && `${first} ${words[0]}`.length <= LONGEST) first += ` ${words.shift()}`
  const rest = words.join(' ')
  const short = text => text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
  return rest ? [short(first), short(rest)] : [short(first)]
}

// Chooses by place on the screen at the scale `k`: {node: {below}} of those that are shown.
export function placed(nodes, k, isFirst) {
  const rank = node => (isFirst(node) ? 100 : 0) + node.importance + Math.min(4, node.before.length + node.next.length) / 10
  const taken = grid()
  for (const node of nodes) taken.add({ x0: (node.x - node.radius) * k, x1: (node.x + node.radius) * k, y0: (node.y - node.radius) * k, y1: (node.y + node.radius) * k, node, isDot: true })
  const shown = new Map()
  for (const node of [...nodes].sort((a, b) => rank(b) - rank(a) || a.index - b.index)) {
    const below = isFreerBelow(node)
    for (const side of [below, !below]) {
      const box = boxOf(node, k, side)
      if (taken.hits(box, isFirst(node))) continue
      taken.add(box)
      shown.set(node, { below: side })
      break
    }
  }
  return shown
}

function boxOf(node, k, below) {
  const height = node.lines.length * LINE
  const rim = (node.radius + (node.ring ?? 0)) * k + SPACE
  const top = node.y * k + (below ? rim : -rim - height)
  return { x0: node.x * k - node.width / 2, x1: node.x * k + node.width / 2, y0: top, y1: top + height, node }
}

const CELL = 96

function grid() {
  const cells = new Map()
  const each = function* (box) {
    for (let x = Math.floor(box.x0 / CELL); x <= Math.floor(box.x1 / CELL); x++) for (let y = Math.floor(box.y0 / CELL); y <= Math.floor(box.y1 / CELL); y++) yield `${x} ${y}`
  }
  return {
    add(box) {
      for (const key of each(box)) cells.has(key) ? cells.get(key).push(box) : cells.set(key, [box])
    },
    // The names that matter most may lie on nodes, but on no other name.
    hits(box, overDots) {
      for (const key of each(box)) if (cells.get(key)?.some(other => other.node !== box.node && !(overDots && other.isDot) && other.x0 < box.x1 && box.x0 < other.x1 && other.y0 < box.y1 && box.y0 < other.y1)) return true
      return false
    },
  }
}
