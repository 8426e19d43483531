// What the toolbar does to a textarea. Everything goes through `put`, so that the browser's undo works.

export function put(text, from, to, words, select) {
  text.focus()
  text.setSelectionRange(from, to)
  const typed = words ? document.execCommand('insertText', false, words) : document.execCommand('delete')
  if (!typed) {
    text.setRangeText(words, from, to, 'end')
    text.dispatchEvent(new Event('input', { bubbles: true }))
  }
  if (select) text.setSelectionRange(from + select[0], from + select[1])
}

function wrap(text, before, after = before) {
  const { selectionStart: from, selectionEnd: to, value } = text
  const chosen = value.slice(from, to)
  if (value.slice(from - before.length, from) === before && value.slice(to, to + after.length) === after) {
    return put(text, from - before.length, to + after.length, chosen, [0, chosen.length])
  }
  put(text, from, to, before + chosen + after, [before.length, before.length + chosen.length])
}

function lines(text, change) {
  const { selectionStart, selectionEnd, value } = text
  const from = value.lastIndexOf('\n', selectionStart - 1) + 1
  const end = value.indexOf('\n', selectionEnd)
  const to = end < 0 ? value.length : end
  const made = change(value.slice(from, to))
  put(text, from, to, made, [made.length, made.length])
}

// begins a block on lines of its own; `[[` and `]]` in `words` are where the selection goes
function block(text, words) {
  const { selectionStart: from, selectionEnd: to, value } = text
  const lead = !from ? '' : value.slice(0, from).endsWith('\n\n') ? '' : value[from - 1] === '\n' ? '\n' : '\n\n'
  const body = lead + words
  const start = body.indexOf('[[')
  const stop = body.indexOf(']]') - 2
  put(text, from, to, body.replace('[[', '').replace(']]', ''), [start, stop])
}

const chosenIn = text => text.value.slice(text.selectionStart, text.selectionEnd)

export const tools = {
  heading: text => lines(text, line => (line.startsWith('## ') ? line.slice(3) : `## ${line.replace(/^#+ /, '')}`)),
  bold: text => wrap(text, '**'),
  italic: text => wrap(text, '*'),
  link: text => {
    const from = text.selectionStart
    const name = chosenIn(text)
    put(text, from, text.selectionEnd, `[${name}](https://)`, name ? [name.length + 3, name.length + 11] : [1, 1])
  },
  list: text => lines(text, all => {
    const rows = all.split('\n')
    const listed = rows.every(row => row.startsWith('- '))
    return rows.map(row => (listed ? row.slice(2) : `- ${row}`)).join('\n')
  }),
  code: text => {
    const chosen = chosenIn(text)
    const alone = !chosen && /(^|\n)$/.test(text.value.slice(0, text.selectionStart))
    if (chosen.includes('\n') || alone) block(text, `\`\`\`python\n[[${chosen}]]\n\`\`\`\n`)
    else wrap(text, '`')
  },
  formula: text => {
    if (!chosenIn(text) && /(^|\n)$/.test(text.value.slice(0, text.selectionStart))) block(text, '$$\n[[x^2]]\n$$\n')
    else wrap(text, '$')
  },
  callout: (text, words) => block(text, `::: note [[${words.callout}]]\n${chosenIn(text)}\n:::\n`),
}

const KEYS = { b: 'bold', i: 'italic', k: 'link' }

export function toolOf({ ctrlKey, metaKey, altKey, shiftKey, key }) {
  return (ctrlKey || metaKey) && !altKey && !shiftKey ? KEYS[key.toLowerCase()] : undefined
}

// Enter in a list goes on with the list; on an empty item it ends it.
export function continueList(text) {
  const { selectionStart: at, selectionEnd, value } = text
  if (at !== selectionEnd) return false
  const from = value.lastIndexOf('\n', at - 1) + 1
  const [mark, sign, number] = value.slice(from, at).match(/^\s*(?:([-*]) |(\d+)\. )/) ?? []
  if (!mark) return false
  if (value.slice(from, at) === mark) put(text, from, at, '')
  else put(text, at, at, `\n${sign ? mark : mark.replace(number, Number(number) + 1)}`)
  return true
}
