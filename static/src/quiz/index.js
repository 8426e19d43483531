// Taking a quiz: saved as it is answered, by mouse, finger or keys, with the server's clock.
import '../learning/beat.js'
import { startClock } from './clock.js'
import { watchOrder } from './ordering.js'
import { keepSaving } from './saving.js'
import { walk } from './steps.js'

const form = document.getElementById('quiz')
const preview = document.getElementById('quiz-preview')

if (preview) watchOrder(preview)

if (form) {
  watchOrder(form)
  keepSaving(form)
  walk(form)
  startClock(form)
}
