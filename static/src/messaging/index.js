// Conversations: the open one is kept up to date by frames, or by asking where there are no sockets.
import { Composer } from './composer.js'
import { Log } from './log.js'
import { Outbox } from './outbox.js'
import { grouped } from './people.js'

const TYPES = 5000
const find = name => document.querySelector(`[data-${name}]`)
const mine = (log, detail) => detail.conversation === log.id

function start() {
  const log = new Log()
  if (document.getElementById('composer')) compose(log)
  listen(log)
  readOn(log)
  follow(log)
  const unread = find('new')
  if (location.hash.startsWith('#m')) log.goTo(location.hash.slice(2))
  else if (unread) unread.scrollIntoView({ block: 'center' })
  else log.down()
  // what was said between the making of the page and the joining of its channel
  document.addEventListener('subscribed', ({ detail }) => mine(log, detail) && log.sync())
}

function compose(log) {
  const form = document.getElementById('composer')
  const composer = new Composer({ conversation: log.id, send: message => outbox.add(message) })
  const outbox = new Outbox({ name: form.dataset.key, url: form.dataset.sends, log, change: entry => composer.take(entry) })
  log.waits = () => outbox.settled()
  document.addEventListener('click', ({ target }) => {
    const reply = target.closest('[data-reply]')
    if (!reply) return
    const row = log.row(reply.dataset.reply)
    const text = row.querySelector('.msg-text, .msg-file b')?.textContent.trim() ?? ''
    composer.reply({ id: Number(row.dataset.id), name: row.dataset.from, text: text.slice(0, 160) })
  })
}

function listen(log) {
  document.addEventListener('message:new', ({ detail }) => {
    if (!mine(log, detail)) return
    stopTyping(detail.author?.id)
    log.sync()
  })
  document.addEventListener('message:changed', ({ detail }) => mine(log, detail) && log.refresh(detail))
  document.addEventListener('message:read', ({ detail }) => mine(log, detail) && log.mark(detail))
  for (const name of ['realtime:back', 'realtime:poll']) document.addEventListener(name, () => log.sync(true))
  document.addEventListener('unsubscribed', ({ detail }) => mine(log, detail) && location.reload())
  document.addEventListener('user:typing', ({ detail }) => mine(log, detail) && types(log, detail))
  for (const name of ['subscribed', 'presence:changed']) document.addEventListener(name, ({ detail }) => mine(log, detail) && here(detail.present))
  document.addEventListener('click', event => {
    const goes = event.target.closest('[data-goes]')
    if (goes) {
      event.preventDefault()
      log.goTo(goes.dataset.goes)
    }
    const opens = event.target.closest('[data-opens]')
    if (opens) {
      event.preventDefault()
      window.edu.openDialog(opens.dataset.opens)
    }
    if (event.target.closest('#report [data-close-dialog]')) {
      event.preventDefault()
      document.getElementById('report').close()
    }
    if (event.target.closest('.msg-menu [aria-expanded=true]')) {
      event.target.closest('.msg-menu').querySelector('[data-menu-panel]').scrollIntoView({ block: 'nearest' })
    }
  })
}

// ── Who types, who is there ──
const typists = new Map()

function types(log, { participant, user, name }) {
  clearTimeout(typists.get(participant)?.timer)
  const timer = setTimeout(() => { typists.delete(participant); showTyping() }, TYPES)
  typists.set(participant, { user, name: name.split(' ')[0], timer })
  const near = log.isNear
  showTyping()
  if (near) log.down()
}

function stopTyping(user) {
  for (const [participant, typist] of typists) if (typist.user === user) typists.delete(participant)
  showTyping()
}

function showTyping() {
  const line = find('typing')
  const [first] = typists.values()
  line.hidden = !first
  line.textContent = typists.size > 1 ? line.dataset.many : first ? line.dataset.one.replace('{name}', first.name) : ''
}

function here(present) {
  const dot = find('here')
  if (!dot) return
  const me = document.getElementById('log').dataset.me
  const others = present.filter(place => String(place) !== me)
  dot.hidden = 'place' in dot.dataset ? !present.includes(Number(dot.dataset.place)) : !others.length
  const word = find('here-word')
  if (word) word.hidden = dot.hidden
}

// ── How far one has read ──
function readOn(log) {
  const { read, me, reads } = log.element.dataset
  if (reads === undefined) return
  let told = Number(log.element.dataset.unread)
  const tell = async () => {
    const last = log.last
    if (document.visibilityState !== 'visible' || last <= told || !me || !log.isNear) return
    told = last
    const answer = await fetch(read, {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-CSRFToken': window.edu.csrfToken() },
      body: new URLSearchParams({ sequence: last }),
    }).catch(() => null)
    if (!answer?.ok) told = 0
    else document.dispatchEvent(new CustomEvent('messages:unread', { detail: (await answer.json()).unread_count }))
  }
  log.element.addEventListener('log:fresh', () => requestAnimationFrame(tell))
  log.element.addEventListener('scroll', tell, { passive: true })
  document.addEventListener('visibilitychange', tell)
  setTimeout(tell, 300)
}

// ── Where the reader is ──
function follow(log) {
  const button = find('down')
  log.element.addEventListener('log:below', () => { button.hidden = false })
  log.element.addEventListener('log:fresh', ({ detail }) => announce(detail))
  log.element.addEventListener('scroll', () => {
    if (log.isNear) button.hidden = true
    if (log.element.scrollTop < 40) log.older()
  }, { passive: true })
  button.addEventListener('click', () => {
    button.hidden = true
    log.down()
  })
  find('older').querySelector('button').addEventListener('click', () => log.older())
}

function announce(rows) {
  const said = rows.map(row => `${row.dataset.from}: ${row.querySelector('.msg-text, .msg-file b')?.textContent ?? ''}`)
  if (said.length) find('announce').textContent = said.join('\n')
}

document.addEventListener('DOMContentLoaded', () => {
  if (document.getElementById('log')) start()
  grouped()
})
