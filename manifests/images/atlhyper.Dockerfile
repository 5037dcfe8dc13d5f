# Master and agent for Docker, Podman and everybody's registry: docker build -f manifests/images/atlhyper.Dockerfile
# --target master|agent . ; `just images` makes the same from Debian's packages.
FROM oven/bun:1.4.5-debian AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN bun install --frozen-lockfile --ignore-scripts
COPY . .
RUN bun manifests/images/compile.ts /root/usr/bin/atlhyper \
  && mkdir -p /root/data /root/tmp /root/etc \
  && printf 'root:x:0:0:root:/:\natlhyper:x:65532:65532:atlhyper:/data:\n' > /root/etc/passwd \
  && for one in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0; do \
       install -D "$(ls /lib/*-linux-gnu/$one)" "/root/$(ls /lib/*-linux-gnu/$one)"; done \
  && for one in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do \
       if [ -e $one ]; then install -D "$(readlink -f $one)" "/root$one"; fi; done

FROM scratch AS base
COPY --from=build /root /
COPY --from=build --chown=65532:65532 /root/data /data
USER 65532:65532
WORKDIR /data
ENV ATLHYPER_DATA=/data
ENTRYPOINT ["/usr/bin/atlhyper"]
LABEL org.opencontainers.image.title="AtlHyper" \
      org.opencontainers.image.description="Kubernetes observability and control: master and agent" \
      org.opencontainers.image.licenses="Apache-2.0"

FROM base AS agent
CMD ["agent"]

FROM base AS master
CMD ["master"]
