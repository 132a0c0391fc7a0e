//! Operators and what they are told: the real function over the simulator's chats and SES.

use std::sync::{Arc, Mutex};

use aws_sdk_translate::config::retry::RetryConfig;
use aws_sdk_translate::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use jiff::{SignedDuration, Timestamp};
use negative_alert::{Summary, Wake};
use renown_core::event::Event;
use renown_core::notice::{Channel, Target, Wants};
use renown_core::say::Lang;
use renown_io::app::MailApp;
use renown_io::mail::Outbox;
use renown_io::push::{Chats, Hook, Post};
use renown_io::secrets::Secret;
use renown_io::translate::Translator;
use renown_local::amazon;
use renown_simulator::{Chat, ChatKind, Simulator};

use crate::ses::Ses;
use crate::{INVOCATION, World, sleep};

/// How often the clock wakes the functions.
const TICK: SignedDuration = SignedDuration::from_mins(1);

/// By which ways operators are told.
pub struct WayOut {
    /// SES, of operators alone.
    pub ses: Ses,
    /// Who translates; nobody unless a test says so.
    pub translator: Translator,
    outbox: Outbox,
    chats: Chats,
}

impl WayOut {
    /// Over a simulator's chats.
    ///
    /// # Panics
    ///
    /// Never: its address is one of this machine.
    pub fn new(simulator: &Simulator, ses: Ses) -> Self {
        let outbox = Outbox::Ses { client: ses.client(), configuration_set: "operators".to_owned() };
        let base = amazon::BASE_URL.parse().expect("an address of this machine");
        let chats = Chats::at(base, &amazon::http_client(simulator.clone()));
        Self { ses, translator: Translator::Nobody, outbox, chats }
    }

    /// For the function.
    pub fn post(&self) -> Post<'_> {
        Post { outbox: &self.outbox, chats: &self.chats, translator: &self.translator }
    }
}

/// One wake of the function.
///
/// # Panics
///
/// If the table does not answer.
pub async fn alert(app: &MailApp, way_out: &WayOut, wake: Wake) -> Summary {
    let deadline = app.clock.now() + INVOCATION;
    negative_alert::handle(app, way_out.post(), wake, deadline).await.expect("the table answers")
}

/// A target that reads everything, in Chinese, on the clock of Shanghai.
pub fn target(name: &str, channel: Channel) -> Target {
    Target {
        name: name.to_owned(),
        channel,
        lang: Lang::Zh,
        zone: "Asia/Shanghai".to_owned(),
        alerts: true,
        wants: Wants::default(),
        digest_at: None,
        people: std::collections::BTreeMap::new(),
        off: None,
    }
}

/// An operator by mail.
pub fn by_mail() -> Channel {
    Channel::Mail { to: "ops@team.example".to_owned(), from: "alerts@mail.tea.example".to_owned() }
}

/// The address of a chat as its robot's settings show it, for a key of the simulator's.
pub fn address(kind: ChatKind, key: &str) -> String {
    match kind {
        ChatKind::WeCom => format!("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={key}"),
        ChatKind::DingTalk => format!("https://oapi.dingtalk.com/robot/send?access_token={key}"),
        ChatKind::Feishu => format!("https://open.feishu.cn/open-apis/bot/v2/hook/{key}"),
        ChatKind::Slack => format!("https://hooks.slack.com/services/{key}"),
        ChatKind::Teams => format!(
            "https://prod-1.westeurope.logic.azure.com/workflows/{key}/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=signature"
        ),
        ChatKind::Webhook => format!("https://automation.tea.example/hooks/{key}"),
    }
}

impl World {
    /// Puts a chat's robot into the simulator, and a target that tells it.
    ///
    /// # Panics
    ///
    /// If the simulator does not take it.
    pub async fn add_chat(&self, kind: ChatKind, key: &str, secret: Option<&str>, target: Target) {
        let mut chat = Chat::new(kind, key);
        if let Some(secret) = secret {
            chat = chat.secret(secret);
        }
        self.simulator.add_chat(chat).expect("a chat");
        let hook = Hook { url: Secret::new(address(kind, key)), secret: secret.map(Secret::new) };
        self.app.secrets.store_hook_of_target(&target.name, &hook).await.expect("stored");
        self.app.ledger.put_target(&target).await.expect("written");
    }

    /// Wakes the function for each signal that the bus tells of, as the rule does.
    pub async fn take_events(&self) {
        while let Some(event) = self.event() {
            if let wake @ Wake::Signal { .. } = Wake::from(event) {
                alert(&self.app.mail(), &self.way_out, wake).await;
            }
        }
    }

    /// The next event on the bus.
    ///
    /// # Panics
    ///
    /// If another thread panicked with it.
    pub fn event(&self) -> Option<Event> {
        self.bus.lock().expect("whole").try_recv().ok()
    }

    /// One sweep of the function.
    pub async fn sweep(&self) -> Summary {
        alert(&self.app.mail(), &self.way_out, Wake::Tick).await
    }

    /// Lets a minute's ticks pass until a moment: reports every five minutes, alerts each minute.
    pub async fn watch_until(&self, until: Timestamp) {
        let mut n = 0;
        while self.clock.now() < until {
            if n % 5 == 0 {
                let deadline = self.clock.now() + INVOCATION;
                report_sync::handle_tick(&self.app, deadline).await.expect("the table answers");
            }
            self.take_events().await;
            self.sweep().await;
            sleep(TICK).await;
            n += 1;
        }
    }

    /// The same for so long.
    pub async fn watch(&self, time: SignedDuration) {
        self.watch_until(self.clock.now() + time).await;
    }
}

/// Amazon Translate that answers with a status and a text. What it is asked goes to `asked`, bytes
/// that are no text replaced.
///
/// # Panics
///
/// If whoever holds `asked` has.
pub fn translator(status: u16, text: &'static str, asked: &Arc<Mutex<Vec<String>>>) -> Translator {
    let connector = SharedHttpConnector::new(Translating { status, text, asked: Arc::clone(asked) });
    let config = aws_sdk_translate::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-west-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .retry_config(RetryConfig::disabled())
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    Translator::Amazon(aws_sdk_translate::Client::from_conf(config))
}

#[derive(Debug)]
struct Translating {
    status: u16,
    text: &'static str,
    asked: Arc<Mutex<Vec<String>>>,
}

impl HttpConnector for Translating {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        self.asked.lock().expect("no holder panics").push(body);
        // Its protocol is Smithy's RPC v2 with CBOR (RFC 8949): a map of short texts.
        let answer: &[(&str, &str)] = if self.status == 200 {
            &[("TranslatedText", self.text), ("SourceLanguageCode", "de"), ("TargetLanguageCode", "zh")]
        } else {
            &[("__type", "com.amazonaws.translate#TooManyRequestsException")]
        };
        let mut body = vec![0xA0 | u8::try_from(answer.len()).expect("few")];
        for text in answer.iter().flat_map(|(name, value)| [name, value]) {
            body.extend([0x78, u8::try_from(text.len()).expect("short")]);
            body.extend(text.bytes());
        }
        let status = StatusCode::try_from(self.status).expect("a status");
        let mut response = HttpResponse::new(status, SdkBody::from(body));
        response.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
        response.headers_mut().insert("content-type", "application/cbor");
        HttpConnectorFuture::ready(Ok(response))
    }
}
