// Runs Lighthouse on the pages that standard input lists, in Debian's Chromium, and writes a report of each
// run. Before the site stands what Caddy is in production: a proxy that compresses pages.
//   {"pages": "http://127.0.0.1:1234", "sockets": "http://127.0.0.1:1235", "folder": "…", "rounds": 5,
//    "asked": [{"name", "path", "cookie"}]}
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import zlib from 'node:zlib'
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo']
const TEXT = /^(text\/|application\/(json|javascript|manifest\+json))/

const asked = JSON.parse(fs.readFileSync(0, 'utf8'))
const site = new URL(asked.pages)
const sockets = new URL(asked.sockets)
let cookie = '' // of whoever the page is shown to; the browser is given none of its own

const headersOf = request => ({ ...request.headers, cookie: [cookie, request.headers.cookie].filter(Boolean).join('; ') })

function pass(request, answer) {
  const { hostname, port } = site
  const onward = http.request({ hostname, port, path: request.url, method: request.method, headers: headersOf(request) }, from => {
    const headers = { ...from.headers }
    const isPlain = !headers['content-encoding'] && TEXT.test(headers['content-type'] ?? '') && from.statusCode === 200
    if (!isPlain || !/gzip/.test(request.headers['accept-encoding'] ?? '')) {
      answer.writeHead(from.statusCode, headers)
      return from.pipe(answer)
    }
    delete headers['content-length']
    answer.writeHead(200, { ...headers, 'content-encoding': 'gzip', vary: [headers.vary, 'Accept-Encoding'].filter(Boolean).join(', ') })
    from.pipe(zlib.createGzip({ level: 5 })).pipe(answer)
  })
  onward.on('error', () => answer.writeHead(502).end())
  request.pipe(onward)
}

function passSocket(request, socket, head) {
  const onward = net.connect(sockets.port, sockets.hostname, () => {
    const lines = Object.entries(headersOf(request)).map(([name, value]) => `${name}: ${value}`)
    onward.write([`GET ${request.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
    onward.write(head)
    onward.pipe(socket).pipe(onward)
  })
  onward.on('error', () => socket.destroy())
  socket.on('error', () => onward.destroy())
}

const proxy = http.createServer(pass).on('upgrade', passSocket)
await new Promise(done => proxy.listen(0, '127.0.0.1', done))
const origin = `http://localhost:${proxy.address().port}`
const chrome = await launch({
  chromePath: CHROMIUM,
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  logLevel: 'silent',
})
try {
  for (const page of asked.asked) {
    cookie = page.cookie
    for (let round = 1; round <= asked.rounds; round++) {
      const found = await lighthouse(origin + page.path, { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: CATEGORIES })
      fs.writeFileSync(path.join(asked.folder, `${page.name}-${round}.json`), found.report)
      process.stderr.write(`${page.name} ${round}/${asked.rounds}\n`)
    }
  }
} finally {
  chrome.kill()
  proxy.close()
  proxy.closeAllConnections()
}
