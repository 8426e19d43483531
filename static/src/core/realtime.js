// The socket of signed-in pages: frames {"type", "data"} become events on document.
//   document.addEventListener('notification:new', ({ detail }) => …)
// realtime:back    the socket is there again after it was away: catch up
// realtime:poll    no socket can be had: every 15 s, ask the server instead
// <html data-realtime="on | waiting | polling"> says how it stands.
const FIRST_WAIT = 1000
const LONGEST_WAIT = 32000
const BLOCKED_WAIT = 60000
const PING = 25000
const ANSWER = 10000
const POLL = 15000
// after so many openings in vain something on the way lets no socket through
const TRIES = 2
// not signed in, foreign origin, too late: a new try would be refused as well
const REFUSED = [4401, 4403, 4408]

const joined = new Map()
let socket
let wait = FIRST_WAIT
let failures = 0
let wasAway = false
let started = false
let pings
let answer
let polls
let again

export function send(type, data = {}) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type, data }))
}

// join('topic', 7): asked for again after every reconnect
export function join(kind, id) {
  if (joined.has(`${kind}:${id}`)) return
  joined.set(`${kind}:${id}`, { [kind]: id })
  send('subscribe', { [kind]: id })
}

export function leave(kind, id) {
  if (joined.delete(`${kind}:${id}`)) send('unsubscribe', { [kind]: id })
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }))
}

function stand(how) {
  document.documentElement.dataset.realtime = how
}

function connect() {
  clearTimeout(again)
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const opened = new WebSocket(`${scheme}://${location.host}/ws/`)
  socket = opened
  answer = setTimeout(drop, ANSWER)
  opened.onopen = () => {
    for (const data of joined.values()) send('subscribe', data)
    pings = setInterval(ping, PING)
  }
  opened.onmessage = ({ data: frame }) => {
    const { type, data } = JSON.parse(frame)
    clearTimeout(answer)
    if (type === 'ready') ready()
    tell(type, data)
  }
  opened.onclose = ({ code }) => {
    if (socket !== opened) return
    away(REFUSED.includes(code))
  }
}

function ready() {
  wait = FIRST_WAIT
  failures = 0
  clearInterval(polls)
  polls = undefined
  stand('on')
  if (wasAway) tell('realtime:back')
  wasAway = false
}

// A connection that died without a word is known by the silence after a ping.
function ping() {
  send('ping')
  clearTimeout(answer)
  answer = setTimeout(drop, ANSWER)
}

function drop() {
  const dead = socket
  socket = undefined
  if (!dead) return
  dead.close()
  away(false)
}

function away(refused) {
  clearInterval(pings)
  clearTimeout(answer)
  socket = undefined
  stand('waiting')
  started = !refused
  if (refused) return
  wasAway = true
  if (!navigator.onLine) return
  failures += 1
  if (failures >= TRIES) poll()
  // jitter, so that a restarted server isn't met by everybody at once
  again = setTimeout(connect, wait * (0.5 + Math.random()))
  wait = wait < LONGEST_WAIT ? wait * 2 : BLOCKED_WAIT
}

// As long as no socket can be had, and somebody looks at the page.
function poll() {
  stand('polling')
  if (polls) return
  polls = setInterval(ask, POLL)
  ask()
}

function ask() {
  if (document.visibilityState === 'visible' && navigator.onLine) tell('realtime:poll')
}

// The network is back, or somebody looks at the page again.
function hurry() {
  if (socket || !started || !navigator.onLine) return
  wait = FIRST_WAIT
  connect()
}

// <div data-join="topic:7"> is in its channel as long as it is on the page
const fromPage = new Set()

function joinFromPage() {
  const found = new Set([...document.querySelectorAll('[data-join]')].map((element) => element.dataset.join))
  for (const channel of fromPage) {
    if (!found.has(channel)) {
      fromPage.delete(channel)
      leave(...parts(channel))
    }
  }
  for (const channel of found) {
    fromPage.add(channel)
    join(...parts(channel))
  }
}

function parts(channel) {
  const [kind, id] = channel.split(':')
  return [kind, Number(id)]
}

document.addEventListener('notification:new', () => {
  for (const dot of document.querySelectorAll('[data-unread]')) dot.hidden = false
})

document.addEventListener('DOMContentLoaded', () => {
  if (!('signedIn' in document.body.dataset)) return
  started = true
  joinFromPage()
  document.addEventListener('htmx:afterSettle', joinFromPage)
  connect()
})
// open sockets don't notice that the network went
addEventListener('offline', drop)
addEventListener('online', hurry)
addEventListener('pageshow', ({ persisted }) => persisted && hurry())
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return
  hurry()
  if (polls) ask()
})
