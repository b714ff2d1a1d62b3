# The scripts that come from npm.
FROM node:22-bookworm-slim AS assets
WORKDIR /src
COPY . .
RUN if [ -f assets/package-lock.json ]; then cd assets && npm ci --ignore-scripts && npm run build; else mkdir -p assets/dist; fi

# The binary, static. An empty data folder is made here, since the last stage has no shell
# to make one; within a folder, since only what is in one keeps its mode when it is copied.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY --from=assets /src .
RUN make dist/selfhelp && mkdir dist/image && mkdir -m 700 dist/image/data

# Nothing but the binary and the certificates of public authorities, as a user
# without any right. It may run on a read-only root (docker run --read-only): it
# writes in /data only, and what it needs for a moment in /tmp (--tmpfs /tmp).
FROM gcr.io/distroless/static-debian12:nonroot
LABEL org.opencontainers.image.title="Self Help" \
      org.opencontainers.image.description="Self-hosted platform for guided procedures" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/dist/selfhelp /selfhelp
COPY --from=build --chown=nonroot:nonroot /src/dist/image/ /
VOLUME /data
EXPOSE 8080
# A container is reached from outside itself: whoever publishes the port puts a
# proxy that ends TLS before it, or overrides this and mounts a certificate.
ENV SELFHELP_DATA=/data SELFHELP_LISTEN=0.0.0.0:8080 SELFHELP_BEHIND_PROXY=private
HEALTHCHECK --interval=30s --timeout=6s --start-period=5s CMD ["/selfhelp", "healthcheck"]
ENTRYPOINT ["/selfhelp"]
CMD ["serve"]
