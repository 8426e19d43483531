// Days in a row and XP in the header, as soon as they change.
function show({ current, xp, level, active_today: active }) {
  for (const place of document.querySelectorAll('[data-habit]')) {
    const written = new Intl.NumberFormat(place.dataset.lang)
    place.querySelector('[data-habit-days]').textContent = written.format(current)
    place.querySelector('[data-habit-xp]').textContent = written.format(xp)
    if (level > Number(place.dataset.level)) document.dispatchEvent(new CustomEvent('level:up'))
    place.dataset.level = level
    place.toggleAttribute('data-active', active)
  }
}

async function ask() {
  if (!document.querySelector('[data-habit]')) return
  const answer = await fetch('/api/gamification/me').catch(() => null)
  if (!answer?.ok) return
  const { xp, level, streak } = await answer.json()
  show({ ...streak, xp, level })
}

document.addEventListener('streak:updated', ({ detail }) => ('current' in detail && 'xp' in detail ? show(detail) : ask()))
document.addEventListener('badge:unlocked', ask)
document.addEventListener('realtime:back', ask)
