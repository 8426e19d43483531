// The socket of signed-in pages: frames {"type", "data"} become events on document.
//   document.addEventListener('notification:new', ({ detail }) => …)
const FIRST_WAIT = 1000
const LONGEST_WAIT = 30000
// not signed in, foreign origin, too late: a new try would be refused as well
const REFUSED = [4401, 4403, 4408]

const joined = new Map()
let socket
let wait = FIRST_WAIT
let idle

export function send(type, data = {}) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type, data }))
}

// join('topic', 7): asked for again after every reconnect
export function join(kind, id) {
  joined.set(`${kind}:${id}`, { [kind]: id })
  send('subscribe', { [kind]: id })
}

export function leave(kind, id) {
  joined.delete(`${kind}:${id}`)
  send('unsubscribe', { [kind]: id })
}

function connect() {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  socket = new WebSocket(`${scheme}://${location.host}/ws/`)
  socket.onopen = () => {
    const again = wait !== FIRST_WAIT
    wait = FIRST_WAIT
    for (const data of joined.values()) send('subscribe', data)
    idle = setInterval(send, 25000, 'ping')
    // those who keep a list catch up on what they missed
    if (again) document.dispatchEvent(new CustomEvent('realtime:back'))
  }
  socket.onmessage = ({ data: frame }) => {
    const { type, data } = JSON.parse(frame)
    document.dispatchEvent(new CustomEvent(type, { detail: data }))
  }
  socket.onclose = ({ code }) => {
    clearInterval(idle)
    if (REFUSED.includes(code)) return
    // jitter, so that a restarted server isn't met by everybody at once
    setTimeout(connect, wait * (0.5 + Math.random()))
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }
}

document.addEventListener('notification:new', () => {
  for (const dot of document.querySelectorAll('[data-unread]')) dot.hidden = false
})

document.addEventListener('DOMContentLoaded', () => {
  if ('signedIn' in document.body.dataset) connect()
})
