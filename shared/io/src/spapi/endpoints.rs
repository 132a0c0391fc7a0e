//! Where Amazon is.

use renown_core::marketplace::Region;

/// Login with Amazon, the same for all regions. Source: Amazon's "Connect to the SP-API" page.
const LWA: &str = "https://api.amazon.com";

/// The hosts that are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints(Hosts);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Hosts {
    Production,
    At { base: String, plain: bool },
}

/// Why an address cannot stand in for Amazon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{base:?} is not an address to call Amazon at: {problem}; write https://host, or http://127.0.0.1:port for a simulator on this machine"
)]
pub struct BadEndpoint {
    base: String,
    problem: &'static str,
}

impl Endpoints {
    /// Amazon itself.
    pub fn production() -> Self {
        Self(Hosts::Production)
    }

    /// Another host in Amazon's place, for tokens and operations alike: a simulator. Without
    /// TLS only on this machine, since tokens would travel in the clear.
    pub fn at(base: &str) -> Result<Self, BadEndpoint> {
        let bad = |problem| BadEndpoint { base: base.to_owned(), problem };
        let uri: http::Uri = base.parse().map_err(|_| bad("it is not a URL"))?;
        let host = uri.host().ok_or_else(|| bad("it names no host"))?;
        if uri.query().is_some() || !matches!(uri.path(), "" | "/") {
            return Err(bad("it has a path"));
        }
        let plain = match uri.scheme_str() {
            Some("https") => false,
            Some("http") if is_this_machine(host) => true,
            Some("http") => return Err(bad("http is for this machine alone")),
            _ => return Err(bad("it begins neither with https:// nor with http://")),
        };
        Ok(Self(Hosts::At { base: base.trim_end_matches('/').to_owned(), plain }))
    }

    /// Base address of the operations.
    pub(super) fn api(&self, region: Region) -> &str {
        match &self.0 {
            Hosts::Production => region.endpoint(),
            Hosts::At { base, .. } => base,
        }
    }

    /// Base address of Login with Amazon.
    pub(super) fn lwa(&self) -> &str {
        match &self.0 {
            Hosts::Production => LWA,
            Hosts::At { base, .. } => base,
        }
    }

    /// Whether a document may be fetched from an address that Amazon has named.
    pub(super) fn may_fetch(&self, uri: &http::Uri) -> bool {
        match uri.scheme_str() {
            Some("https") => true,
            Some("http") => {
                matches!(self.0, Hosts::At { plain: true, .. }) && uri.host().is_some_and(is_this_machine)
            }
            _ => false,
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_travel_in_the_clear_on_this_machine_alone() {
        for good in
            ["https://sim.example", "http://127.0.0.1:8480/", "http://localhost:1", "http://[::1]:8480"]
        {
            assert!(Endpoints::at(good).is_ok(), "{good}");
        }
        for bad in [
            "http://sim.example",
            "http://127.0.0.1.example:80",
            "ftp://127.0.0.1",
            "127.0.0.1:80",
            "https://a/b",
            "",
        ] {
            let error = Endpoints::at(bad).expect_err(bad);
            assert!(error.to_string().contains("http://127.0.0.1:port"), "{error}");
        }
    }

    #[test]
    fn a_document_is_fetched_without_tls_only_from_a_simulator_here() {
        let uri = |text: &str| text.parse::<http::Uri>().expect("a URL");
        let local = Endpoints::at("http://127.0.0.1:8480").expect("local");
        assert!(local.may_fetch(&uri("http://127.0.0.1:8480/documents/1")));
        assert!(!local.may_fetch(&uri("http://elsewhere.example/1")));
        assert!(!Endpoints::production().may_fetch(&uri("http://127.0.0.1:8480/documents/1")));
        assert!(Endpoints::production().may_fetch(&uri("https://bucket.s3.amazonaws.com/x?y=z")));
    }

    #[test]
    fn every_region_has_its_own_host_and_all_share_one_login() {
        let amazon = Endpoints::production();
        assert_eq!(amazon.api(Region::Fe), "https://sellingpartnerapi-fe.amazon.com");
        assert_eq!(amazon.lwa(), "https://api.amazon.com");
    }
}
