"""The page at ``/``: its files and those that all pages share, read once; no other file can be asked for."""

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tts.page.shared import shared_files
from tts.serving.errors import ServingError

FOLDER = Path(__file__).with_name("page")
INDEX = "index.html"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# The page asks this server for everything, and nobody else; blobs are the recording that it offers.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}


@cache
def _files() -> dict[str, bytes]:
    own = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in TYPES}
    return own | shared_files()


async def front_page(request: Request) -> Response:
    name = request.path_params.get("name", INDEX)
    if name not in _files():
        raise ServingError(404, "not_found", "no such file")
    return Response(_files()[name], media_type=TYPES[Path(name).suffix], headers=HEADERS)


routes = [Route("/", front_page), Route("/page/{name}", front_page)]
