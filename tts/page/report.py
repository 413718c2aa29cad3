"""A report as one HTML file: it stands alone and looks as all pages do."""

import base64
from html import escape

from tts.page.shared import FOLDER, shared_files


def report_page(title: str, body: str) -> str:
    """title: plain text. body: HTML."""
    shared = shared_files()
    icon = base64.b64encode(shared["icon.svg"]).decode()
    style = shared["style.css"].decode() + (FOLDER / "report.css").read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title><link rel="icon" href="data:image/svg+xml;base64,{icon}">
<style>{style}</style></head><body><main>
{body}
</main></body></html>
"""
