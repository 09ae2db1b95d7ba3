"""What an operator's machines ask: alive, ready, how much. Of no person, and on an address of their own."""

from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.metrics import REGISTRY
from bot.operate.health import OK, Health


def build_pages(health: Health) -> Starlette:
    """The app of the operator's address."""

    async def alive(_: Request) -> Response:
        beats = health.pulse.beats
        return JSONResponse({"alive": beats}, status_code=200 if beats else 503)

    async def ready(_: Request) -> Response:
        checks = await health.checks()
        whole = all(found == OK for found in checks.values())
        return JSONResponse({"ready": whole, "checks": checks}, 200 if whole else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/metrics", metrics),
        ]
    )
