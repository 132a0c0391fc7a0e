//! TLS on loopback: a certificate for one run, and a listener that speaks with it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::server::TlsStream;

/// Where systems keep the roots they trust, in one file; the first that is there.
const SYSTEM_ROOTS: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Who the server says it is, and what its clients must trust.
pub(crate) struct Identity {
    config: Arc<ServerConfig>,
    /// A file with the certificate alone.
    pub(crate) own: PathBuf,
    /// A file with the certificate and every root the system trusts, so that parsing them costs
    /// what it costs elsewhere.
    pub(crate) with_system: PathBuf,
}

impl Identity {
    /// A new one for `localhost`; its files lie in `folder`.
    pub(crate) fn new(folder: &Path) -> anyhow::Result<Self> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];

        let pem = made.cert.pem();
        let system = SYSTEM_ROOTS.iter().find_map(|path| std::fs::read_to_string(path).ok());
        let (own, with_system) = (folder.join("ca-own.pem"), folder.join("ca.pem"));
        for (path, text) in [(&own, pem.clone()), (&with_system, pem + &system.unwrap_or_default())] {
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(Self { config: Arc::new(config), own, with_system })
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

/// Accepts connections that come through their handshake.
pub(crate) struct Listener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener {
    pub(crate) fn new(tcp: TcpListener, acceptor: TlsAcceptor) -> Self {
        Self { tcp, acceptor }
    }
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    /// One handshake after the other: there is one client at a time.
    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, address)) = self.tcp.accept().await else { continue };
            drop(stream.set_nodelay(true));
            // A client that does not trust us says so itself.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}
