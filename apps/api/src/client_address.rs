//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use crate::error::Error;

/// Where each proxy adds the address that it was called from.
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client: as the connection has it, or as the proxies say that are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        // Without a connection, as in a test, it is this machine.
        Ok(parts.extensions.get().copied().unwrap_or(Self(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}

/// Finds out where a request comes from, behind this many proxies.
pub async fn locate(State(proxies): State<usize>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let address = forwarded(request.headers(), proxies).unwrap_or(peer.ip());
        request.extensions_mut().insert(ClientAddress(address));
    }
    next.run(request).await
}

/// What the first of our proxies was called from. Whatever stands before that, a client may have made up.
fn forwarded(headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let values: Vec<_> = headers.get_all(X_FORWARDED_FOR).into_iter().filter_map(|value| value.to_str().ok()).collect();
    let addresses = values.iter().rev().flat_map(|value| value.rsplit(','));
    addresses.map(str::trim).nth(proxies.checked_sub(1)?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn as_many_proxies_are_believed_as_are_ours() {
        let name = HeaderName::from_static(X_FORWARDED_FOR);
        let mut headers = HeaderMap::new();
        for value in ["9.9.9.9, 1.1.1.1", "2.2.2.2,3.3.3.3"] {
            headers.append(&name, HeaderValue::from_static(value));
        }
        let seen = |proxies| forwarded(&headers, proxies).map(|address| address.to_string());
        assert_eq!(seen(0), None);
        assert_eq!(seen(1).as_deref(), Some("3.3.3.3"));
        assert_eq!(seen(3).as_deref(), Some("1.1.1.1"));
        assert_eq!(seen(5), None);
        headers.append(&name, HeaderValue::from_static("unknown"));
        assert_eq!(forwarded(&headers, 1), None);
    }
}
