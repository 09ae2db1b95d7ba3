# Backbeat in a container. It needs TELEGRAM_TOKEN, and keeps everything it knows under /data:
#   docker build --tag backbeat .
#   docker run --env TELEGRAM_TOKEN --volume backbeat:/data backbeat
# Any other command takes the place of `run`: docker run backbeat check
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    BACKBEAT_DATABASE_URL=sqlite+aiosqlite:////data/backbeat.db

# The number is fixed so that the owner of files in a mounted folder can be told in advance.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin backbeat \
    && install --directory --owner=backbeat --group=backbeat --mode=0700 /data

WORKDIR /app

# Before the code: this layer is built anew only when a dependency changes.
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

# Owned by root: what runs cannot rewrite itself. compileall, because it cannot store .pyc either.
COPY content ./content
COPY migrations ./migrations
COPY bot ./bot
RUN python -m compileall -q bot

USER backbeat
VOLUME /data

# No HEALTHCHECK yet: long polling opens no port, and the bot does not yet tell how it is.

# `python -m bot` is what the `backbeat` command calls; so the image needs no build tools.
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
