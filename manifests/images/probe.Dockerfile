# The probe's image: docker build -f manifests/images/probe.Dockerfile . (--platform for other machines: it is cross
# compiled; buildah 1.28 also needs --build-arg BUILDPLATFORM=linux/amd64, or what the machine is). The binaries for all of them, as `just probe` makes them where Debian's packages can be had:
# docker build -f manifests/images/probe.Dockerfile --target binaries -o dist .
FROM --platform=$BUILDPLATFORM oven/bun:1.4.5-debian AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN bun install --frozen-lockfile --ignore-scripts
COPY . .
RUN apt-get update -qq && bun probe/native/make/main.ts
# As Docker calls it.
RUN mkdir /out && cp dist/atlhyper-probe-* /out && cp dist/atlhyper-probe-linux-armv7 /out/atlhyper-probe-linux-arm

FROM scratch AS binaries
COPY --from=build /src/dist/ /

FROM scratch AS probe
ARG TARGETARCH
COPY --from=build /out/atlhyper-probe-linux-${TARGETARCH} /atlhyper-probe
USER 65534:65534
ENTRYPOINT ["/atlhyper-probe"]
LABEL org.opencontainers.image.title="AtlHyper probe" \
      org.opencontainers.image.description="One node's metrics" \
      org.opencontainers.image.version="2.0.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="AtlHyper"
