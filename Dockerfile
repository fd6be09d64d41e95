# livecam without a window. Build: docker build -t livecam . (or podman). See docs/deploy.md.
# The base is the Python and the Debian that the tests run on; slim, since wheels bring the rest.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS wheel
WORKDIR /src
COPY pyproject.toml MANIFEST.in README.md LICENSE NOTICE ./
COPY livecam livecam
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /dist .

FROM ${BASE} AS installed
COPY --from=wheel /dist /dist
# Everything under one folder, so that the image below takes one copy and no build tools.
ENV LIVECAM_MODELS=/opt/livecam/models
# A private index comes as a build secret (--secret id=pip.conf,src=FILE): it is in no layer.
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    python -m venv /opt/livecam \
    && /opt/livecam/bin/pip install --no-cache-dir "$(echo /dist/*.whl)[web]" \
    && /opt/livecam/bin/livecam models install

FROM ${BASE}
# What OpenCV's wheel links to and does not bring. Not pinned: Debian keeps only the newest fix of each.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 libxcb1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --groups video --no-create-home --home-dir /data livecam \
    && install --directory --owner=livecam --group=livecam /data
COPY --from=installed /opt/livecam /opt/livecam
# Settings are read from /config/livecam/livecam.toml; files go to /data, the only place that is written.
ENV PATH=/opt/livecam/bin:$PATH \
    LIVECAM_MODELS=/opt/livecam/models \
    XDG_CONFIG_HOME=/config \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /data
# The number, so that "runAsNonRoot" checks can see it; video is among its groups.
USER 10001
# No HEALTHCHECK: a run that cannot go on ends with an exit code, and nothing has to listen that could be asked.
ENTRYPOINT ["livecam"]
CMD ["run", "--view", "none", "--wait"]
