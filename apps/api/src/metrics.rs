//! What Prometheus asks for: requests, the pools, the migrations, and the build.
//!
//! `/metrics` has a listener of its own (`METRICS_PORT`), which no load balancer leads to. Each
//! combination of labels is kept for good, so none is a client's to choose: a route is the pattern
//! that was matched, and a method that HTTP does not know is `other`.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use migrator::Report;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::db::Database;
use crate::error::Error;
use crate::readiness::Readiness;

/// The format of the answer.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper ends of the buckets, in seconds: from a row by its id to the limit of a request.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The route of a path that is none.
const NO_ROUTE: &str = "none";

/// All that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    readiness: Arc<Readiness>,
    requests: Family<Answered, Counter>,
    duration: Family<Asked, Histogram, fn() -> Histogram>,
    pending: Gauge,
    ready: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

impl Metrics {
    /// Nothing counted yet. `report` is what the start has applied.
    pub fn new(pools: Vec<(&'static str, Database)>, readiness: Arc<Readiness>, report: Option<&Report>) -> Self {
        let mut registry = Registry::default();
        let requests = Family::default();
        let duration = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let (pending, ready) = (Gauge::default(), Gauge::default());
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register_with_unit("http_request_duration", "Time to the answer", Unit::Seconds, duration.clone());
        registry.register("migrations_pending", "Migrations of this build that are not applied", pending.clone());
        registry.register("ready", "Whether /readyz is 200", ready.clone());
        registry.register_collector(Box::new(Pools(pools)));
        registry.register_collector(Box::new(Started {
            applied: report.map_or(0, |report| report.applied.len()),
            elapsed: report.map_or(Duration::ZERO, |report| report.elapsed),
        }));
        registry.register("build", "What runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        Self { registry, readiness, requests, duration, pending, ready }
    }

    /// Everything, as Prometheus reads it.
    pub async fn text(&self) -> String {
        self.ready.set(self.readiness.check().await.is_ok().into());
        self.pending.set(self.readiness.pending());
        let mut text = String::new();
        text::encode(&mut text, &self.registry).expect("a String takes every text");
        text
    }

    fn count(&self, asked: Asked, status: StatusCode, elapsed: Duration) {
        self.duration.get_or_create(&asked).observe(elapsed.as_secs_f64());
        let Asked { method, route } = asked;
        self.requests.get_or_create(&Answered { method, route, status: status.as_u16() }).inc();
    }
}

/// `/metrics`, for a listener that is not the service's.
pub fn routes(metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/metrics", get(async move || ([(CONTENT_TYPE, OPEN_METRICS)], metrics.text().await)))
        .fallback(async || Error::NotFound("path"))
}

/// Counts the request and takes its time. Belongs around everything else.
pub async fn measure(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let asked = Asked { method: name(request.method()), route };
    let response = next.run(request).await;
    metrics.count(asked, response.status(), started.elapsed());
    response
}

fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// How many connections each pool has, asked when somebody wants to know.
#[derive(Debug)]
struct Pools(Vec<(&'static str, Database)>);

impl Collector for Pools {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let statuses: Vec<_> = self.0.iter().map(|(name, db)| (*name, db.status())).collect();
        let mut gauge = |name: &str, help: &str, of: fn(&deadpool_postgres::Status) -> usize| {
            let mut encoder = encoder.encode_descriptor(name, help, None, ConstGauge::new(0_usize).metric_type())?;
            statuses.iter().try_for_each(|(pool, status)| {
                ConstGauge::new(of(status)).encode(encoder.encode_family(&[("pool", *pool)])?)
            })
        };
        gauge("database_pool_connections_max", "Connections that may be open", |status| status.max_size)?;
        gauge("database_pool_connections", "Connections that are open", |status| status.size)?;
        gauge("database_pool_connections_idle", "Open connections that nobody uses", |status| status.available)?;
        gauge("database_pool_waiting", "Requests that wait for a connection", |status| status.waiting)
    }
}

/// What the start did with migrations.
#[derive(Debug)]
struct Started {
    applied: usize,
    elapsed: Duration,
}

impl Collector for Started {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let applied = ConstGauge::new(self.applied);
        let help = "Migrations that this process applied when it started";
        applied.encode(encoder.encode_descriptor("migrations_applied", help, None, applied.metric_type())?)?;
        let elapsed = ConstGauge::new(self.elapsed.as_secs_f64());
        let help = "Time that this process took to apply them";
        let name = "migrations_duration";
        elapsed.encode(encoder.encode_descriptor(name, help, Some(&Unit::Seconds), elapsed.metric_type())?)
    }
}
