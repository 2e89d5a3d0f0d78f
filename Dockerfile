# The API: one binary with its migrations, in an image without a shell. `docker build -t api .`

# The version of rust-toolchain.toml, which is not in the context: rustup would fetch its clippy and rustfmt as well.
FROM rust:1.95.0-slim-bookworm AS rust
RUN cargo install cargo-chef --version 0.1.78 --locked
WORKDIR /src

# What is to be built, without the code.
FROM rust AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json --bin api

# The dependencies, a layer that is built again only when Cargo.lock or a manifest changes.
FROM rust AS build
COPY --from=plan /src/recipe.json .
RUN cargo chef cook --release --locked --package api --recipe-path recipe.json
COPY . .
RUN cargo build --release --locked --package api --bin api && strip target/release/api

# glibc and certificates, and a user who is not root.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/api /api
ENV HOST=0.0.0.0 PORT=3000 LOG_FORMAT=json
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["/api", "health"]
ENTRYPOINT ["/api"]
