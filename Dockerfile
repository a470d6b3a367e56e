# Build: docker build -t briefing-bot .
# Run:   docker run --read-only --tmpfs /tmp --stop-timeout 30 --restart unless-stopped -e BOT_TOKEN -v briefing-bot:/app/data briefing-bot
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt requirements-semantic.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r requirements.txt -r requirements-semantic.txt
COPY bot bot
COPY knowledge knowledge
COPY LICENSE .
# Byte code is written now, since the root may be read-only later. COPY keeps the modes of the
# checkout, which may be its owner's alone; the bot is another user.
RUN /venv/bin/python -m compileall -q /venv bot knowledge \
    && chmod -R a+rX /app
# A question proves that it works, and what is remembered for a quick start is made here. A volume
# that is new begins with it; in an older one the bot makes it itself.
RUN XDG_CACHE_HOME=/cache /venv/bin/python -m knowledge ask "Hello!"

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home bot \
    && install -d -o bot -g bot -m 0700 /app/data
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build --chown=bot:bot /cache/briefing-bot/vectors /app/data/vectors
WORKDIR /app
USER 10001
ENV PYTHONUNBUFFERED=1
VOLUME /app/data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=2 \
    CMD ["/venv/bin/python", "-m", "bot", "health"]
ENTRYPOINT ["/venv/bin/python", "-m", "bot"]
