# Strand in a container: docker build -t strand . (compose.yaml does it for you)
#
# Any Debian with Python 3.11 or newer and its venv module will do as the base.
ARG BASE_IMAGE=python:3.13-slim

FROM ${BASE_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN apt-get -qq update && apt-get -qq install --yes --no-install-recommends binutils >/dev/null
# pip stays behind here: the environment that is shipped has none.
RUN ["python3", "-m", "venv", "/build"]
RUN ["python3", "-m", "venv", "--without-pip", "/srv/venv"]
COPY requirements.lock /build/
# Wheels only: a base without a compiler says at once what has none, before anything is built.
RUN ["/build/bin/python", "-m", "pip", "--python", "/srv/venv/bin/python", "install", \
     "--quiet", "--require-hashes", "--only-binary=:all:", "--no-compile", "-r", "/build/requirements.lock"]
# Two wheels are mostly debugging symbols.
RUN find /srv/venv -name '*.so' \( -path '*/uvloop/*' -o -path '*/pysqlite3/*' \) \
      -exec strip --strip-debug {} +
COPY pyproject.toml LICENSE /srv/strand/
COPY static /srv/strand/static
COPY templates /srv/strand/templates
COPY migrations /srv/strand/migrations
COPY app /srv/strand/app
# Compiled once, here: where it runs nothing can be written. Sources are not looked at again.
RUN ["/srv/venv/bin/python", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "/srv"]

# A module that did not survive all this fails here, not at somebody's home.
WORKDIR /srv/strand
RUN ["/srv/venv/bin/python", "-c", "import app.cli, importlib.util, uvloop; importlib.util.find_spec('pysqlite3') and __import__('pysqlite3.dbapi2')"]
# Templates as well, for both languages; a path in STRAND_BASE_URL makes the server compile its own.
RUN ["/srv/venv/bin/python", "-c", "import sys; sys.dont_write_bytecode = False; from sqlalchemy import create_engine; from app.main import create_app; from app.settings import Settings; create_app(Settings(), create_engine('sqlite://')).state.templates.compile_all()"]

FROM ${BASE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Strand" \
      org.opencontainers.image.description="A private, self-hosted regimen log for people who fight hair loss." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /srv /srv
# A new volume takes the owner of the folder that it covers.
RUN ["install", "--directory", "--owner=10001", "--group=10001", "/data"]
ENV HOST=0.0.0.0 PORT=8000 STRAND_DATA_DIR=/data PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /srv/strand
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["/srv/venv/bin/python", "-S", "-c", "import http.client, os, sys; there = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=9); there.request('GET', '/healthz'); sys.exit(there.getresponse().status != 200)"]
ENTRYPOINT ["/srv/venv/bin/python", "-m", "app"]
CMD ["serve"]
