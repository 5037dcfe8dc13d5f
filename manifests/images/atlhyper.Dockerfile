# Master and agent for Docker, Podman and everybody's registry: docker build -f manifests/images/atlhyper.Dockerfile
# --target master|agent . ; `just images` makes the same from Debian's packages.
FROM oven/bun:1.4.5-debian AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN bun install --frozen-lockfile --ignore-scripts
COPY . .
RUN bun manifests/images/here.ts /out && mkdir /data

FROM scratch AS base
COPY --from=build /out /
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
ENV ATLHYPER_DATA=/data
ENTRYPOINT ["/usr/bin/atlhyper"]
LABEL org.opencontainers.image.title="AtlHyper" \
      org.opencontainers.image.description="Kubernetes observability and control: master and agent" \
      org.opencontainers.image.version="2.0.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="AtlHyper"

FROM base AS agent
CMD ["agent"]

FROM base AS master
CMD ["master"]
