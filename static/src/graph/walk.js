// Walking the map by the arrow keys: along an edge that leads that way, else to the nearest concept there.
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }
const CONE = 0.35 // cosine: how far a neighbour may lie off the way
const NARROW = 0.7

export const isWay = key => key in WAYS

export function neighbour(nodes, from, key) {
  return best([...from.before, ...from.next], from, WAYS[key], CONE) ?? best(nodes, from, WAYS[key], NARROW)
}

function best(nodes, from, [wx, wy], least) {
  let found = null
  let cost = Infinity
  for (const node of nodes) {
    if (node === from) continue
    const dx = node.x - from.x
    const dy = node.y - from.y
    const length = Math.hypot(dx, dy) || 1
    const cosine = (dx * wx + dy * wy) / length
    if (cosine < least || length / cosine >= cost) continue
    found = node
    cost = length / cosine
  }
  return found
}
