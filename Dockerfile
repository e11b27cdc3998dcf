# Pinfold from a checkout: docker build --tag pinfold .
# docs/hosting.md says how to run it, and how this file is checked.

FROM node:26-slim AS build
WORKDIR /src
COPY . .
RUN npm ci
RUN mkdir /tarballs \
  && for package in contract demo-pictures client mcp server cli; do \
    (cd "packages/$package" && npm pack --pack-destination /tarballs) || exit 1; \
  done

FROM node:26-slim
COPY --from=build /tarballs /tarballs
RUN npm install --global --no-audit --no-fund /tarballs/*.tgz \
  && npm cache clean --force
RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
ENV NODE_ENV=production \
  PINFOLD_HOST=0.0.0.0 \
  PINFOLD_PORT=4000 \
  PINFOLD_DATA=/data
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PINFOLD_PORT}/_pinfold/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["pinfold", "serve"]
