"""The map of concepts: walked by keys, told as a list, drawn by the teacher, and smooth when large."""

import json
import random
import re

from playwright.sync_api import Page, expect

from .browsing import PHONE, Screen, flaws, settle
from .places import CAST, COURSE_IN_STUDIO, NAMES

STUDENT, TEACHER = CAST["en"]["student"], CAST["en"]["teacher"]
MAP = f"/map/{NAMES['en']['taught']}/"
DRAWN = 60_000  # milliseconds until a large map rests on a busy machine
FRAME = 100  # milliseconds of work for one picture of a large map, at most
# The main thread's work for each of sixty steps of zooming.
WORK_PER_FRAME = """async () => {
  const map = document.querySelector('svg.graph')
  const { left, top, width, height } = map.getBoundingClientRect()
  const work = []
  for (let step = 0; step < 60; step++) {
    await new Promise(requestAnimationFrame)
    const begun = performance.now()
    const deltaY = step % 20 < 10 ? -40 : 40
    map.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true }))
    map.getBBox()
    work.push(performance.now() - begun)
  }
  return work.sort((a, b) => a - b)[30]
}"""

# Before the page's own script reads it.
LARGE_GRAPH = """document.addEventListener('readystatechange', () => {
  const host = document.querySelector('[data-map] [data-graph]')
  if (host) Object.assign(host.dataset, {graph: GRAPH, chosen: 9})
}, {once: true})"""


def drawn(page: Page) -> None:
    page.locator("[data-settled]").wait_for(timeout=DRAWN)
    settle(page)


def positions(page: Page) -> list[str]:
    return page.locator("[data-node]").evaluate_all(
        "nodes => nodes.map(each => each.getAttribute('transform'))"
    )


def test_a_concept_is_chosen_by_keys(visit):
    page = visit(email=STUDENT)
    page.goto(MAP)
    drawn(page)
    assert not flaws(page)
    before = page.locator("[data-panel] h2").inner_text()
    first = page.locator("[data-node][tabindex='0']")
    assert first.count() == 1
    first.focus()
    page.keyboard.press("ArrowRight")
    focused = page.locator("[data-node]:focus")
    name = (focused.get_attribute("aria-label") or "").split(",")[0]
    assert name != before
    page.keyboard.press("Enter")
    heading = page.locator("[data-panel] h2")
    expect(heading).to_have_text(name)
    expect(heading).to_be_focused()
    assert "concept=" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("[data-node]:focus")).to_have_attribute("aria-label", re.compile(name))


def test_a_map_looks_the_same_each_time(visit):
    page = visit(email=STUDENT)
    page.goto(MAP)
    drawn(page)
    first = positions(page)
    page.reload()
    drawn(page)
    assert positions(page) == first


def test_the_map_fits_a_phone_and_has_a_list(visit):
    page = visit(Screen(PHONE, "en", dark=True), email=STUDENT)
    page.goto(MAP)
    drawn(page)
    assert not flaws(page)
    page.locator("[data-node]").last.dispatch_event("click")
    chosen = page.locator("[data-panel] h2")
    expect(chosen).to_be_visible()
    page.get_by_role("link", name="List").click()
    settle(page)
    assert not flaws(page)
    page.locator("select[name=order]").select_option("weakest")
    page.wait_for_url("**order=weakest**")
    page.locator(".concept-line a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not flaws(page)


def test_a_teacher_joins_concepts_and_no_circle(visit):
    page = visit(email=TEACHER, expected=(409,))
    page.goto("/studio/")
    course = page.locator(COURSE_IN_STUDIO).first.get_attribute("href")
    page.goto(f"{course}concepts/graph/")
    drawn(page)
    assert not flaws(page)
    field = page.get_by_placeholder("New concept")
    for name in ("Abacus", "Slide rule"):
        field.fill(name)
        field.press("Enter")
        expect(page.locator("#id_name")).to_have_value(name)
    page.locator("select[name=source]").select_option(label="Abacus")
    page.get_by_role("button", name="Join").click()
    expect(page.locator("[data-panel] [data-concept]").first).to_have_text("Abacus")
    drawn(page)
    drag(page, "Slide rule", "Abacus")
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("Slide rule")
    expect(toast).to_contain_text("circle")
    page.locator("#graph-undo button").click()
    expect(page.locator("[data-panel] [data-concept]")).to_have_count(0)
    for name in ("Abacus", "Slide rule"):  # the panel shows another one first: one sees it change
        page.locator(f"[data-node][aria-label='{name}']").dispatch_event("click")
        expect(page.locator("#id_name")).to_have_value(name)
        page.get_by_role("button", name="Delete…").click()
        page.locator("#delete-concept").get_by_role("button", name="Delete").click()
        expect(page.locator(f"[data-node][aria-label='{name}']")).to_have_count(0)


def drag(page: Page, source: str, target: str) -> None:
    ends = []
    for name in (source, target):
        box = page.locator(f"[data-node][aria-label='{name}'] .node").bounding_box()
        assert box
        ends.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=6)
    page.mouse.up()


def large_graph(nodes: int = 300, edges: int = 600) -> str:
    chance = random.Random(5)
    joined: set[tuple[int, int]] = set()
    while len(joined) < edges:
        source, target = sorted(chance.sample(range(1, nodes + 1), 2))
        joined.add((max(source, target - 40), target))
    names = [
        {"id": pk, "name": f"Concept {pk}", "importance": 1 + pk % 5, "level": pk % 5}
        for pk in range(1, nodes + 1)
    ]
    return json.dumps(
        {"nodes": names, "edges": [{"from": a, "to": b} for a, b in sorted(joined) if a != b]}
    )


def test_three_hundred_concepts_move_smoothly(visit):
    page = visit(Screen(PHONE, "en"), email=STUDENT)
    page.add_init_script(LARGE_GRAPH.replace("GRAPH", json.dumps(large_graph())))
    page.goto(MAP)
    drawn(page)
    assert page.locator("[data-node]").count() == 300
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    assert page.evaluate(WORK_PER_FRAME) < FRAME
