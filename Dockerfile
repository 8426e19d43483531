# The image of every process of EduPlatform: pages, sockets, workers, clock.
# The steps are the Makefile's, so that what is built here is what a developer runs.

FROM python:3.11-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /srv/eduplatform

FROM base AS make
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*

# What runs: the packages of production alone
FROM make AS packages
COPY Makefile requirements.txt ./
RUN make .venv/installed REQUIREMENTS=requirements.txt

# What is built: style sheets, scripts, fonts, compressed static files, catalogues
FROM make AS build
COPY Makefile requirements-dev.txt requirements-node.txt package.json package-lock.json ./
RUN make node_modules/installed
COPY . .
RUN make release

FROM base
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin eduplatform \
    && install -d -o eduplatform -g eduplatform /var/lib/eduplatform/media /run/eduplatform
COPY --from=packages /srv/eduplatform/.venv .venv
COPY --from=build /srv/eduplatform/staticfiles staticfiles
COPY --from=build /srv/eduplatform/static/dist static/dist
COPY --from=build /srv/eduplatform/apps apps
COPY --from=build /srv/eduplatform/eduplatform eduplatform
COPY templates templates
COPY manage.py ops/healthcheck.py ./
ENV PATH=/srv/eduplatform/.venv/bin:$PATH DEBUG=false MEDIA_ROOT=/var/lib/eduplatform/media
USER eduplatform
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "healthcheck.py"]
CMD ["python", "-m", "eduplatform.stack.serving", "pages"]
