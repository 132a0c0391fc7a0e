//! The one HTTP client of a process: HTTP/1.1 over rustls on ring, shared by the AWS SDK and the
//! SP-API client, so that roots are read and connections kept once.
//!
//! Guarantee: a request is repeated only when not one byte of it was written (hyper's rule), and
//! where no connection came about the error says so by hyper's own type.
//!
//! The SDK's own client is not used: with HTTP/2 and its files of roots it makes a function one
//! sixth larger, and reading those files costs a start as much CPU as everything else.

use std::error::Error as StdError;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime::client::auth::no_auth::{NO_AUTH_SCHEME_ID, NoAuthScheme};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::identity::no_auth::NoAuthIdentityResolver;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::retries::strategy::NeverRetryStrategy;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::http::{
    HttpClient as _, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::dns::GaiResolver;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tower_service::Service;

use crate::push::PublicResolver;

/// Time for a connection to come about, TLS with it. Source: the default of the AWS SDKs.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);

type BoxError = Box<dyn StdError + Send + Sync>;

/// The roots cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the certificates in {} cannot be read", path.display())]
pub struct UnreadableRoots {
    path: PathBuf,
    source: BoxError,
}

/// A client that trusts whom browsers trust, as it was known when this was built, and whom the
/// file `more` names: for functions, whose image need not be read then.
///
/// # Errors
///
/// If the file cannot be read; start-up should end there.
pub fn client(more: Option<&Path>) -> Result<SharedHttpClient, UnreadableRoots> {
    Ok(client_trusting(built_in(more)?))
}

/// A client that trusts whom the machine trusts: a person's machine may stand behind an
/// inspecting proxy. A root that cannot be parsed is none, as for every other program; without
/// any, each connection fails and says why.
pub fn client_of_the_machine() -> SharedHttpClient {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    client_trusting(store)
}

fn built_in(more: Option<&Path>) -> Result<RootCertStore, UnreadableRoots> {
    let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = more {
        let unreadable = |source: BoxError| UnreadableRoots { path: path.to_owned(), source };
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.into()))? {
            let certificate = certificate.map_err(|error| unreadable(error.into()))?;
            store.add(certificate).map_err(|error| unreadable(error.into()))?;
        }
    }
    Ok(store)
}

/// A client for addresses that operators have named: it connects to no address within a network. It
/// trusts as [`client`] does.
///
/// # Errors
///
/// As [`client`].
pub fn client_of_public_addresses(more: Option<&Path>) -> Result<SharedHttpClient, UnreadableRoots> {
    Ok(client_by(PublicResolver::new(), built_in(more)?))
}

/// What a client sends requests with, for whoever is no client of the SDK.
pub(crate) fn connector(http: &SharedHttpClient) -> SharedHttpConnector {
    // The client builds its connector from the SDK's parts, of which it uses the clock and the sleep
    // alone; the rest must be there and says "nothing".
    let parts = RuntimeComponentsBuilder::new("renown")
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![NO_AUTH_SCHEME_ID])))
        .with_auth_scheme(NoAuthScheme::new())
        .with_identity_resolver(NO_AUTH_SCHEME_ID, NoAuthIdentityResolver::new())
        .with_identity_cache(Some(IdentityCache::no_cache()))
        .with_endpoint_resolver(Some(StaticUriEndpointResolver::http_localhost(0)))
        .with_retry_strategy(Some(NeverRetryStrategy::new()))
        .build()
        .expect("every required part is set above");
    http.http_connector(&HttpConnectorSettings::default(), &parts)
}

fn client_trusting(roots: RootCertStore) -> SharedHttpClient {
    client_by(GaiResolver::new(), roots)
}

#[expect(clippy::disallowed_methods, reason = "the one place where it is built")]
fn client_by<R>(resolver: R, roots: RootCertStore) -> SharedHttpClient
where
    R: Clone + std::fmt::Debug + Send + Sync + 'static,
    Connect<R>: legacy::connect::Connect + Clone,
{
    let connect = Connect::trusting(roots, resolver);
    let client = legacy::Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connect);
    let connector = SharedHttpConnector::new(Connector(client));
    http_client_fn(move |_, _| connector.clone())
}

/// Makes connections, each within its time.
#[derive(Debug, Clone)]
struct Connect<R>(HttpsConnector<legacy::connect::HttpConnector<R>>);

impl<R> Connect<R> {
    fn trusting(roots: RootCertStore, resolver: R) -> Self {
        let tls =
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("ring knows the usual versions of TLS")
                .with_root_certificates(roots)
                .with_no_client_auth();
        let mut tcp = legacy::connect::HttpConnector::new_with_resolver(resolver);
        tcp.enforce_http(false);
        // Requests are small and answers waited for.
        tcp.set_nodelay(true);
        Self(HttpsConnector::from((tcp, tls)))
    }
}

impl<R> Service<http::Uri> for Connect<R>
where
    HttpsConnector<legacy::connect::HttpConnector<R>>:
        Service<http::Uri, Response = Stream, Error = BoxError, Future: Send + 'static>,
{
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, uri: http::Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        Box::pin(async move {
            tokio::time::timeout(CONNECT_TIMEOUT, connecting)
                .await
                .map_err(|_| format!("no connection within {CONNECT_TIMEOUT:?}"))?
        })
    }
}

/// A connection, with TLS or without.
type Stream = hyper_rustls::MaybeHttpsStream<TokioIo<tokio::net::TcpStream>>;

#[derive(Debug)]
struct Connector<R>(legacy::Client<Connect<R>, SdkBody>);

impl<R> HttpConnector for Connector<R>
where
    R: std::fmt::Debug + Send + Sync + 'static,
    Connect<R>: legacy::connect::Connect + Clone + Send + Sync + 'static,
{
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let answer = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let response = answer.await.map_err(failure)?;
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// What the SDK may do about an error: it tries again after all but a mistake of ours.
fn failure(error: legacy::Error) -> ConnectorError {
    if error.is_connect() {
        return ConnectorError::io(error.into());
    }
    match cause::<hyper::Error>(&error) {
        Some(hyper) if hyper.is_user() => ConnectorError::user(error.into()),
        Some(hyper) if hyper.is_timeout() => ConnectorError::timeout(error.into()),
        // The other side hung up where an answer was due.
        Some(hyper) if hyper.is_incomplete_message() => {
            ConnectorError::other(error.into(), Some(ErrorKind::TransientError))
        }
        Some(hyper) if hyper.is_closed() || hyper.is_canceled() => ConnectorError::io(error.into()),
        _ if cause::<std::io::Error>(&error).is_some() => ConnectorError::io(error.into()),
        _ => ConnectorError::other(error.into(), None),
    }
}

/// Whether an error proves that nothing was sent: no connection came about.
pub(crate) fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let no_connection = error.downcast_ref::<legacy::Error>().is_some_and(legacy::Error::is_connect)
            || error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused);
        if no_connection {
            return true;
        }
        next = error.source();
    }
    false
}

/// The first cause of a type.
fn cause<E: StdError + 'static>(error: &legacy::Error) -> Option<&E> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_or_a_file_may_add_to_whom_is_trusted() {
        let _any_machine = client_of_the_machine();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("more.pem");
        std::fs::write(&path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
            .expect("written");
        for unreadable in [path, folder.path().join("none.pem")] {
            let error = client(Some(&unreadable)).expect_err("no certificate");
            assert!(error.to_string().contains(&unreadable.display().to_string()), "{error}");
        }
        let store = built_in(None).expect("nothing to read");
        assert!(store.len() > 100, "{} roots", store.len());
    }
}
