# An image with a static ragc, and ragc-net for what is on servers, and with what workflow managers call beside it.
#
#     docker build --build-arg COMMIT="$(git rev-parse HEAD)" -t ragc .
#     docker run --rm -v "$PWD:/data" ragc ragc listset yeast.agc     # the image, then the program

FROM rust:1-alpine AS build
RUN apk add --no-cache gcc make musl-dev
WORKDIR /ragc
COPY . .
ARG COMMIT=
RUN RAGC_COMMIT="$COMMIT" cargo install --locked --no-track --path ragc-cli --root /usr/local

FROM alpine:3
# Nextflow runs its tasks in bash, and asks ps what they take.
RUN apk add --no-cache bash procps
COPY --from=build /usr/local/bin/ragc /usr/local/bin/ragc-net /usr/local/bin/
COPY LICENSE /usr/local/share/licenses/ragc/LICENSE
WORKDIR /data
CMD ["ragc"]
