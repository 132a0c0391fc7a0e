//! What the simulator reads from a request, taken apart once.

use std::str::FromStr;

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;

use crate::http_reply::Reply;
use crate::model::Region;

pub(crate) struct Incoming<'req> {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: &'req HeaderMap,
    pub(crate) body: &'req Bytes,
    /// Host of the request, from the URI or the header, with its port.
    pub(crate) host: Option<&'req str>,
}

impl<'req> Incoming<'req> {
    pub(crate) fn of(request: &'req http::Request<Bytes>) -> Self {
        let query = request.uri().query().unwrap_or_default();
        Self {
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: request.headers(),
            body: request.body(),
            host: request
                .uri()
                .authority()
                .map(http::uri::Authority::as_str)
                .or_else(|| header(request.headers(), "host")),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&'req str> {
        header(self.headers, name)
    }

    /// The region a host name speaks of, if it is one of Amazon's names.
    pub(crate) fn region(&self) -> Option<Region> {
        let host = self.host?;
        [
            ("sellingpartnerapi-na", Region::Na),
            ("sellingpartnerapi-eu", Region::Eu),
            ("sellingpartnerapi-fe", Region::Fe),
        ]
        .into_iter()
        .find_map(|(name, region)| host.contains(name).then_some(region))
    }

    /// First value of a query parameter.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A list parameter, comma-separated or repeated or both; empty when absent.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let given = self.query.iter().filter(|(key, _)| key == name);
        given.flat_map(|(_, value)| value.split(',')).filter(|value| !value.is_empty()).collect()
    }

    /// A parameter of another type; a reply naming it when it does not parse.
    pub(crate) fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, Reply> {
        let Some(text) = self.one(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Reply::invalid(&format!("Invalid value for parameter: {name}")))
    }

    /// A moment in ISO 8601.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<Timestamp>, Reply> {
        self.parsed(name)
    }

    /// Scheme and host under which the client reached us.
    pub(crate) fn base_url(&self) -> String {
        let scheme = self.header("x-forwarded-proto").unwrap_or("http");
        format!("{scheme}://{}", self.host.unwrap_or("localhost"))
    }
}

fn header<'map>(headers: &'map HeaderMap, name: &str) -> Option<&'map str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
