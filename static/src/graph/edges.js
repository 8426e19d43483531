// Curved arrows from what comes first to what it opens, many of them in one path.
const BEND = 0.13
const GAP = 5
const HEAD = 9
const HALF = 3.6

// A curve and its head, from rim to rim; empty where the two stand on each other.
export function arrow(from, to, end = to.radius) {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length = Math.hypot(dx, dy)
  const free = length - from.radius - end - 2 * GAP
  if (free < HEAD) return { line: '', head: '' }
  const cx = (from.x + to.x) / 2 + dy * BEND
  const cy = (from.y + to.y) / 2 - dx * BEND
  const [sx, sy] = towards(from, cx, cy, from.radius + GAP)
  const [ex, ey] = towards(to, cx, cy, end + GAP)
  const [bx, by] = towards({ x: ex, y: ey }, cx, cy, HEAD)
  const away = Math.hypot(ex - bx, ey - by) || 1
  const nx = (-(ey - by) / away) * HALF
  const ny = ((ex - bx) / away) * HALF
  return {
    line: `M${short(sx)} ${short(sy)}Q${short(cx)} ${short(cy)} ${short(bx)} ${short(by)}`,
    head: `M${short(ex)} ${short(ey)}L${short(bx + nx)} ${short(by + ny)} ${short(bx - nx)} ${short(by - ny)}Z`,
  }
}

const short = number => Math.round(number * 10) / 10

function towards({ x, y }, cx, cy, distance) {
  const length = Math.hypot(cx - x, cy - y) || 1
  return [x + ((cx - x) / length) * distance, y + ((cy - y) / length) * distance]
}

// Whether fewer arrows run below a node than above it: there its label reads best.
export function isFreerBelow(node) {
  let above = 0
  let below = 0
  for (const other of [...node.before, ...node.next]) {
    const dy = other.y - node.y
    const share = Math.abs(dy) / (Math.hypot(other.x - node.x, dy) || 1)
    if (dy < 0) above += share
    else below += share
  }
  return below <= above
}
