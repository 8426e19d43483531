"""One page that shows all pictures of the gallery: plain HTML, grouped by page and state."""

from html import escape
from pathlib import Path

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title>
<style>
body { font: 15px/1.5 system-ui; margin: 2rem; background: #eee }
section { margin-bottom: 2rem }
div { display: flex; gap: 1rem; overflow-x: auto; align-items: start }
figure { margin: 0 }
img { height: 22rem; max-width: none; object-fit: cover; object-position: top; border: 1px solid #bbb }
</style><h1>Gallery</h1>
"""


def write_sheet(folder: Path, names: list[str]) -> None:
    parts = [HEAD]
    for name in names:
        files = [path for path in sorted(folder.glob(f"{name}-*.png")) if _is_of(path, name)]
        if files:
            figures = "".join(_figure(path.name, name) for path in files)
            parts.append(f"<section><h2>{escape(name)}</h2><div>{figures}</div></section>\n")
    (folder / "index.html").write_text("".join(parts))


def _is_of(path: Path, name: str) -> bool:
    """Not of a page whose name begins alike: behind it come width, theme and language alone."""
    return path.stem.removeprefix(f"{name}-").count("-") == 2


def _figure(file: str, name: str) -> str:
    told = escape(file.removeprefix(f"{name}-").removesuffix(".png"))
    return (
        f'<figure><a href="{escape(file)}"><img loading="lazy" src="{escape(file)}" '
        f'alt="{told}"></a><figcaption>{told}</figcaption></figure>'
    )
