// How many messages are unread, in the header of every page.
function show(count) {
  for (const place of document.querySelectorAll('[data-unread-messages]')) {
    place.hidden = !count
    place.querySelector('[data-number]').textContent = count > 99 ? '99+' : count
  }
}

async function ask() {
  if (!document.querySelector('[data-unread-messages]')) return
  const answer = await fetch('/api/messages/unread-count').catch(() => null)
  if (answer?.ok) show((await answer.json()).count)
}

for (const frame of ['message:new', 'message:changed', 'message:read', 'conversation:changed']) {
  document.addEventListener(frame, ({ detail }) => { if ('unread_count' in detail) show(detail.unread_count) })
}
document.addEventListener('messages:unread', ({ detail }) => show(detail))
document.addEventListener('realtime:back', ask)
document.addEventListener('realtime:poll', ask)
