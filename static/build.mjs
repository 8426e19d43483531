// Builds static/dist: style sheet, scripts, fonts, icons.
// `npm run build` builds once, `npm run watch` keeps building.
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const src = path.join(root, 'static/src')
const dist = path.join(root, 'static/dist')
const watch = process.argv.includes('--watch')
const require = createRequire(import.meta.url)

const newest = paths => Math.max(...paths.map(p => fs.statSync(p).mtimeMs))
const isFresh = (target, sources) => fs.existsSync(target) && fs.statSync(target).mtimeMs > newest(sources)
const installed = path.join(root, 'node_modules/.package-lock.json')

function python() {
  const own = path.join(root, '.venv/bin/python')
  return process.env.PYTHON ?? (fs.existsSync(own) ? own : 'python3')
}

function fonts() {
  const recipe = path.join(root, 'static/fonts.py')
  if (isFresh(path.join(dist, 'fonts/math.woff2'), [recipe, installed])) return
  execFileSync(python(), [recipe], { stdio: 'inherit' })
}

// The icons of the installed app, from the favicon.
function appIcons() {
  const recipe = path.join(root, 'static/icons.py')
  if (isFresh(path.join(dist, 'icons/icon-192.png'), [recipe, path.join(src, 'assets/favicon.svg')])) return
  execFileSync(python(), [recipe], { stdio: 'inherit' })
}

// Every Lucide icon as its inner markup; the template tag {% icon %} wraps it.
function icons() {
  const target = path.join(dist, 'icons.json')
  if (isFresh(target, [fileURLToPath(import.meta.url), installed])) return
  const folder = path.join(root, 'node_modules/lucide-static/icons')
  const inner = svg => svg.replace(/<!--[\s\S]*?-->/g, '').replace(/[\s\S]*?<svg[^>]*>/, '').replace('</svg>', '').replace(/\s+/g, ' ').trim()
  const entries = fs.readdirSync(folder).filter(f => f.endsWith('.svg')).map(f => [f.slice(0, -4), inner(fs.readFileSync(path.join(folder, f), 'utf8'))])
  fs.writeFileSync(target, JSON.stringify(Object.fromEntries(entries)))
}

function assets() {
  for (const file of fs.readdirSync(path.join(src, 'assets'))) fs.copyFileSync(path.join(src, 'assets', file), path.join(dist, file))
}

const cli = path.join(path.dirname(require.resolve('@tailwindcss/cli/package.json')), 'dist/index.mjs')
const tailwind = ['-i', path.join(src, 'css/app.css'), '-o', path.join(dist, 'app.css'), '--minify']

// app.js for every page, theme.js before the first paint, alpine.js where it is used, and one file per app that
// has an index.js
function entries() {
  const apps = fs.readdirSync(src).filter(name => name !== 'core' && fs.existsSync(path.join(src, name, 'index.js')))
  return { app: path.join(src, 'core/app.js'), theme: path.join(src, 'core/theme.js'), alpine: path.join(src, 'core/alpine.js'), ...Object.fromEntries(apps.map(name => [name, path.join(src, name, 'index.js')])) }
}
const bundle = { entryPoints: entries(), outdir: dist, bundle: true, minify: !watch, format: 'iife', target: 'es2022', logLevel: 'warning', legalComments: 'none' }

fs.mkdirSync(dist, { recursive: true })
fonts()
icons()
appIcons()
assets()
if (watch) {
  spawn(process.execPath, [cli, ...tailwind, '--watch=always'], { stdio: 'inherit' })
  const context = await esbuild.context(bundle)
  await context.watch()
} else {
  await esbuild.build(bundle)
  execFileSync(process.execPath, [cli, ...tailwind], { stdio: ['ignore', 'ignore', 'inherit'] })
}
