// The landing page's question: answered once, it shows the verdict, turns the card and changes its dates.
// Without this script the answer is an address, and the server shows the same.
const demo = document.getElementById('demo')

function answer(chosen) {
  const options = demo.querySelectorAll('.option')
  for (const option of options) {
    const isRight = 'right' in option.dataset
    option.classList.add(isRight ? 'option-right' : option === chosen ? 'option-wrong' : 'option-rest')
    option.setAttribute('aria-disabled', 'true')
  }
  demo.dataset.answered = ''
  demo.dataset.state = 'right' in chosen.dataset ? 'right' : 'wrong'
}

demo?.querySelector('[data-answers]').addEventListener('submit', event => {
  event.preventDefault()
  if (demo.dataset.state === 'asked') answer(event.submitter)
})
