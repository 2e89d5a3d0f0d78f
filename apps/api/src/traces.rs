//! Spans of requests and of their queries, for an OpenTelemetry collector.
//!
//! A request joins the trace that its `traceparent` names (W3C Trace Context), or begins one. Spans
//! leave in batches over HTTP, configured by the variables of OpenTelemetry's own specification:
//! `OTEL_EXPORTER_OTLP_ENDPOINT` turns it on, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER` and so on
//! are read by its SDK.
//!
//! These spans have a target of their own, so that the log's lines stay as they are.

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::{Instrument as _, Level, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::registry::LookupSpan;

use crate::request_id::RequestId;
use crate::telemetry::SPANS;

/// The longest that the collector may take. `OTEL_EXPORTER_OTLP_TIMEOUT`, shorter by default, holds
/// before it.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(60);

/// Sends spans to the collector that the environment names.
///
/// # Errors
/// A variable of OpenTelemetry cannot be used.
pub(crate) fn provider() -> Result<SdkTracerProvider, opentelemetry_otlp::ExporterBuildError> {
    let client = Client { hyper: HyperClient::with_default_connector(LIMIT, None), runtime: Handle::current() };
    let exporter = SpanExporter::builder().with_http().with_http_client(client).build()?;
    let named = ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"].iter().any(|name| std::env::var_os(name).is_some());
    let resource = Resource::builder();
    let resource = if named { resource } else { resource.with_service_name(env!("CARGO_PKG_NAME")) };
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build())
}

/// Gives `provider` the spans of requests and queries, with the warnings and errors that belong to them.
pub(crate) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S> {
    let filter = Targets::new().with_target(SPANS, LevelFilter::TRACE).with_target("api", Level::WARN);
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer(env!("CARGO_PKG_NAME")));
    layer.with_location(false).with_threads(false).with_tracked_inactivity(false).with_filter(filter)
}

/// Opens the span of a request. Belongs below the one that gives it its id.
pub(crate) async fn trace(request: Request, next: Next) -> Response {
    let span = span(&request);
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.set_status(opentelemetry::trace::Status::error(""));
    }
    response
}

fn span(request: &Request) -> Span {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let name = format!("{method} {}", route.unwrap_or_default());
    let span = tracing::info_span!(target: SPANS, "request", otel.name = name.trim_end(), otel.kind = "server");
    if span.is_disabled() {
        return span;
    }
    let parent = parent(request.headers());
    if parent.span().span_context().is_valid() {
        // It is refused to a span that has begun, and this one has not.
        let _ = span.set_parent(parent);
    }
    span.set_attribute("http.request.method", method.to_owned());
    span.set_attribute("url.path", path.to_owned());
    if let Some(route) = route {
        span.set_attribute("http.route", route.to_owned());
    }
    if let Some(id) = request.extensions().get::<RequestId>() {
        span.set_attribute("request.id", id.as_str().to_owned());
    }
    span
}

fn parent(headers: &HeaderMap) -> opentelemetry::Context {
    TraceContextPropagator::new().extract(&HeaderExtractor(headers))
}

/// hyper needs the runtime, and spans are sent from a thread outside of it.
#[derive(Debug)]
struct Client {
    hyper: HyperClient,
    runtime: Handle,
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: axum::http::Request<Bytes>) -> Result<axum::http::Response<Bytes>, HttpError> {
        let hyper = self.hyper.clone();
        self.runtime.spawn(async move { hyper.send_bytes(request).await }).await?
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_trace_is_joined_by_its_header_and_by_nothing_else() {
        let of = |value: &'static str| {
            let headers = HeaderMap::from_iter([("traceparent".parse().unwrap(), HeaderValue::from_static(value))]);
            let context = parent(&headers);
            context.span().span_context().clone()
        };
        let joined = of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assert_eq!(joined.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert!(joined.is_remote() && joined.is_sampled());
        for value in ["", "00-0-0-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01"] {
            assert!(!of(value).is_valid(), "{value}");
        }
    }
}
