// The studio's scripts: the lesson editor and the outline.
import { lessonEditor } from './editor.js'
import { outline } from './outline.js'

document.addEventListener('alpine:init', () => {
  Alpine.data('lessonEditor', lessonEditor)
  Alpine.data('outline', outline)
})
