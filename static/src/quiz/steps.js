// From question to question: one at a time or all of them, with keys 1–9 and Enter.
const texts = 'input:not([type=hidden], [type=radio], [type=checkbox])'

function isAnswered(section) {
  if (section.dataset.kind === 'ordering') return 'touched' in section.dataset
  const fields = [...section.querySelectorAll('input:not([type=hidden]), select')]
  return fields.some(field => (field.matches('[type=radio], [type=checkbox]') ? field.checked : field.value.trim() !== ''))
}

export function walk(form) {
  const sections = [...form.querySelectorAll('[data-question]')]
  const steps = [...form.querySelectorAll('[data-step]')]
  const oneAtATime = form.dataset.one === 'true'
  const next = form.querySelector('[data-next]')
  const back = form.querySelector('[data-back]')
  const finish = form.querySelector('[data-finish]')
  const leftOut = form.querySelector('[data-left-out]')
  let now = 0
  let since = performance.now()

  const unanswered = () => sections.findIndex(section => !isAnswered(section))

  function countTime() {
    const field = sections[now].querySelector('[data-time]')
    const spent = performance.now() - since
    since = performance.now()
    if (!document.hidden) field.value = Math.round(Number(field.value) + spent)
  }

  function paint() {
    const last = now === sections.length - 1
    sections.forEach((section, index) => section.toggleAttribute('data-now', index === now))
    steps.forEach((step, index) => {
      step.className = index === now ? 'now' : isAnswered(sections[index]) ? 'y' : ''
    })
    form.querySelector('[data-step-number]').textContent = now + 1
    next.hidden = last || !oneAtATime
    finish.hidden = oneAtATime && !last
    back.hidden = now === 0 || !oneAtATime
    const count = sections.filter((section, index) => !isAnswered(section) && !(oneAtATime && index === now)).length
    leftOut.hidden = !count || finish.hidden || (!oneAtATime && !last)
    const text = leftOut.querySelector('[data-left-out-text]')
    text.textContent = count === 1 ? text.dataset.oneLeft : text.dataset.someLeft.replace('{count}', count)
  }

  function show(index, { focus = true } = {}) {
    if (index < 0 || index >= sections.length) return
    countTime()
    now = index
    paint()
    if (!focus) return
    const first = sections[now].querySelector(`${texts}, select`)
    if (first && !first.matches('[data-place]')) first.focus()
    else sections[now].querySelector('[data-heading]').focus()
    if (oneAtATime) scrollTo(0, 0)
    else sections[now].scrollIntoView({ block: 'center' })
  }

  function goOn() {
    if (now < sections.length - 1) show(now + 1)
    else finish.focus()
  }

  next.addEventListener('click', goOn)
  back.addEventListener('click', () => show(now - 1))
  form.querySelector('[data-go-left-out]').addEventListener('click', () => show(unanswered()))

  form.addEventListener('focusin', ({ target }) => {
    const section = target.closest('[data-question]')
    if (section && section !== sections[now]) show(sections.indexOf(section), { focus: false })
  })
  form.addEventListener('input', ({ target }) => {
    const section = target.closest('[data-question]')
    if (!section) return
    section.dataset.touched = ''
    countTime()
    paint()
  })

  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
    if (event.target.closest('option')) return // a list is open: Enter chooses from it
    const typing = event.target.matches(`${texts}, textarea, select`)
    if (event.key === 'Enter' && !event.target.closest('a, button, summary')) {
      event.preventDefault()
      goOn()
    } else if (/^[1-9]$/.test(event.key) && !typing) {
      const option = sections[now].querySelectorAll('.option > input')[event.key - 1]
      if (!option) return
      event.preventDefault()
      option.click()
      option.focus()
    }
  })
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) countTime()
    since = performance.now()
  })
  form.addEventListener('submit', countTime)

  // an order once saved is an answer
  for (const section of sections) if (section.dataset.answered) section.dataset.touched = ''
  const wrong = sections.findIndex(section => section.querySelector('[data-error]:not([hidden])'))
  const open = wrong >= 0 ? wrong : oneAtATime ? Math.max(unanswered(), 0) : 0
  show(open, { focus: wrong >= 0 })
}
