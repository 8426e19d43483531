// Maps of concepts: a student's page, and the still picture on the page of a course.
import { Canvas } from './canvas.js'
import { mapPage } from './map.js'

const host = document.querySelector('[data-map] [data-graph]')
if (host) mapPage(host)

for (const picture of document.querySelectorAll('[data-graph-picture]')) {
  new Canvas(picture, { label: picture.dataset.label }).show(JSON.parse(picture.dataset.graphPicture))
}
