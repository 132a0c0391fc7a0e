//! The control endpoints of a simulator that runs on its own: its sellers, the notifications
//! that Amazon would have put into our queue, and what it judged.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use renown_core::text;
use renown_simulator::{Notification, Seller, Violation};
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

use crate::refuse;
use crate::told::{Told as _, Trouble};

/// How long a control endpoint may take. A simulator on this machine answers within
/// milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// A simulator behind an address.
#[derive(Debug, Clone)]
pub struct Remote {
    base: String,
    authority: String,
}

impl Remote {
    /// The simulator at an address such as `http://127.0.0.1:8480`.
    ///
    /// # Errors
    ///
    /// If the address is not of that form.
    pub fn at(base: &str) -> anyhow::Result<Self> {
        let uri = base.parse::<http::Uri>().ok().filter(|uri| uri.scheme_str() == Some("http"));
        let Some(authority) = uri.as_ref().and_then(http::Uri::authority) else {
            return Err(Trouble::usage(text!(
                "{base:?} is no address of a simulator: write --amazon http://127.0.0.1:PORT",
                "{base:?} 不是模拟器的地址:请写成 --amazon http://127.0.0.1:端口"
            ))
            .into());
        };
        Ok(Self { base: base.trim_end_matches('/').to_owned(), authority: authority.to_string() })
    }

    /// Its sellers, with their grants.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub async fn sellers(&self) -> anyhow::Result<Vec<Seller>> {
        self.get("sellers").await
    }

    /// What its clock shows: a simulator may live in another year than this machine.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub async fn now(&self) -> anyhow::Result<Timestamp> {
        #[derive(serde::Deserialize)]
        struct Clock {
            now: Timestamp,
        }
        Ok(self.get::<Clock>("clock").await?.now)
    }

    /// Takes the notifications that are due. What is taken and then lost is repaired by the
    /// next report.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub async fn take_notifications(&self) -> anyhow::Result<Vec<Notification>> {
        self.get("notifications").await
    }

    /// What clients did that they must not.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub async fn violations(&self) -> anyhow::Result<Vec<Violation>> {
        self.get("violations").await
    }

    /// Order → moments at which a solicitation was accepted for it.
    ///
    /// # Errors
    ///
    /// If it does not answer.
    pub async fn accepted(&self) -> anyhow::Result<BTreeMap<String, Vec<Timestamp>>> {
        self.get("accepted").await
    }

    async fn get<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<T> {
        let url = format!("{}/_sim/{name}", self.base);
        let answer = tokio::time::timeout(PATIENCE, self.fetch(&url)).await;
        let answer = answer.unwrap_or_else(|_| {
            let seconds = PATIENCE.as_secs();
            refuse!("no answer within {seconds} s", "{seconds} 秒内没有应答")
        });
        let body = answer.told(|| {
            text!(
                "{url} does not answer; start a simulator there (renown-simulator --demo), or name another address with --amazon",
                "{url} 没有应答;请在该地址启动模拟器(renown-simulator --demo),或用 --amazon 指定其他地址"
            )
        })?;
        serde_json::from_slice(&body).told(|| {
            text!(
                "{url} answers what no simulator of this version does; name the address of one with --amazon",
                "{url} 的应答不是本版本模拟器的格式;请用 --amazon 指定模拟器的地址"
            )
        })
    }

    async fn fetch(&self, url: &str) -> anyhow::Result<Bytes> {
        let stream = TcpStream::connect(&self.authority).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let uri: http::Uri = url.parse()?;
        let request = http::Request::get(uri.path())
            .header(http::header::HOST, &self.authority)
            .body(Empty::<Bytes>::new())?;
        let answer = async {
            let answer = sender.send_request(request).await?;
            if !answer.status().is_success() {
                let status = answer.status();
                refuse!("it answers {status}", "应答为 {status}");
            }
            Ok(answer.into_body().collect().await?.to_bytes())
        };
        // The connection works while the answer is waited for, and ends with it.
        tokio::select! {
            answer = answer => answer,
            ended = connection => match ended {
                Ok(()) => refuse!("the connection was closed", "连接已关闭"),
                Err(error) => Err(error.into()),
            },
        }
    }
}
