// Passages of a lesson's text: words as a quote with their place, and back from a quote to the page.
// The text is that of the article with its white space made single; a lesson that was edited still
// holds a quote, only elsewhere: of several the one nearest to the old place is meant.
const LONGEST = 1000
const FORMULA = 'math'

const textNodes = article => {
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, node => node.parentElement.closest('[data-ui], .code-head') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT)
  const found = []
  while (walker.nextNode()) found.push(walker.currentNode)
  return found
}

const isSpace = letter => /\s/.test(letter)

// The text, and for each of its characters the node and offset it stands at.
function read(article) {
  let text = ''
  const places = []
  for (const node of textNodes(article)) {
    for (let offset = 0; offset < node.data.length; offset++) {
      const letter = node.data[offset]
      if (isSpace(letter)) {
        if (text && !text.endsWith(' ')) {
          text += ' '
          places.push([node, offset])
        }
      } else {
        text += letter
        places.push([node, offset])
      }
    }
  }
  return { text, places }
}

const single = text => text.replace(/\s+/g, ' ').trim()

function nearest(text, words, start) {
  let best = -1
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (best < 0 || Math.abs(at - start) < Math.abs(best - start)) best = at
  }
  return best
}

function between(places, from, to) {
  const range = document.createRange()
  range.setStart(...places[from])
  const [node, offset] = places[to]
  range.setEnd(node, offset + 1)
  return range
}

// Where the quote stands now, or null.
export function locate(article, quote, start = 0) {
  const words = single(quote)
  if (!words) return null
  const { text, places } = read(article)
  const at = nearest(text, words, start)
  return at < 0 ? null : between(places, at, at + words.length - 1)
}

// Where the words of a passage stand: all of it, or what lies between its sentences that are found.
// Formulas read otherwise in the source than on the page, so some sentences aren't.
export function find(article, words) {
  const whole = locate(article, words)
  if (whole) return whole
  const parts = words.split(/\n+|(?<=[.!?…])\s+/).filter(part => single(part).length > 12)
  const found = parts.map(part => locate(article, part)).filter(Boolean)
  if (!found.length) return null
  const range = found[0].cloneRange()
  const last = found.at(-1)
  if (range.compareBoundaryPoints(Range.START_TO_END, last) <= 0) range.setEnd(last.endContainer, last.endOffset)
  return range
}

// The quote that a range of the article makes, with its place; null for one without words.
export function quoted(article, range) {
  const { text, places } = read(article)
  let from = -1
  let to = -1
  places.forEach(([node, offset], index) => {
    if (range.comparePoint(node, offset) === 0 && range.comparePoint(node, Math.min(offset + 1, node.data.length)) === 0) {
      if (from < 0) from = index
      to = index
    }
  })
  if (from < 0) return null
  const quote = text.slice(from, to + 1)
  const lead = quote.length - quote.trimStart().length
  const cut = quote.trim().slice(0, LONGEST)
  return cut ? { quote: cut, start: from + lead, section: sectionOf(article, places[from][0]) } : null
}

export function sectionOf(article, node) {
  let title = ''
  for (const heading of article.querySelectorAll('h2, h3')) {
    if (heading.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING) break
    title = single(heading.textContent)
  }
  return title
}

export const headingOf = (article, title) => [...article.querySelectorAll('h2, h3')].find(each => single(each.textContent) === single(title))

// Wrap the words of a range in marks; formulas can't hold any and stay as they are.
export function mark(range, make) {
  const whole = range.cloneRange()
  const root = whole.commonAncestorContainer
  const nodes = root.nodeType === Node.TEXT_NODE ? [root] : textNodes(root).filter(node => whole.intersectsNode(node))
  const cuts = nodes.map(node => [node, node === whole.startContainer ? whole.startOffset : 0, node === whole.endContainer ? whole.endOffset : node.data.length])
  const marks = []
  for (const [node, from, to] of cuts) {
    if (from >= to || !node.data.slice(from, to).trim() || node.parentElement.closest(FORMULA)) continue
    const words = node.splitText(from)
    words.splitText(to - from)
    const wrap = make()
    words.replaceWith(wrap)
    wrap.append(words)
    marks.push(wrap)
  }
  return marks
}

export function unmark(marks) {
  for (const each of marks) {
    const parent = each.parentNode
    each.replaceWith(...each.childNodes)
    parent?.normalize()
  }
}

// Bring a range before the eyes and let it glow for a while.
export function show(range) {
  const glow = mark(range, () => Object.assign(document.createElement('mark'), { className: 'passage-glow' }))
  const first = glow[0] ?? range.startContainer.parentElement
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  first.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
  setTimeout(() => unmark(glow), 4000)
}
