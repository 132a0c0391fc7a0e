//! Asking DNS: by the name servers of this machine, or by one that is named.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

use super::answers::{Answer, Answers, Kind, Question, Silence};
use super::file::host;
use super::{Judged, Subject, judge};

/// A question waits so long for an answer, and is then asked once more.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Questions to one name server at a time.
const AT_ONCE: usize = 16;

/// Asks DNS.
#[derive(Clone)]
pub struct Resolver(TokioResolver);

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resolver")
    }
}

impl Resolver {
    /// One that asks the name servers of this machine.
    ///
    /// # Errors
    ///
    /// If the machine does not say which they are; another one can be named then.
    pub fn of_the_machine() -> Result<Self, NetError> {
        let mut builder = TokioResolver::builder_tokio()?;
        *builder.options_mut() = options(builder.options_mut().clone());
        Ok(Self(builder.build()?))
    }

    /// One that asks this name server.
    ///
    /// # Errors
    ///
    /// If it cannot be set up.
    pub fn at(server: SocketAddr) -> Result<Self, NetError> {
        let mut connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
        for connection in &mut connections {
            connection.port = server.port();
        }
        let server = NameServerConfig::new(server.ip(), true, connections.to_vec());
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        *builder.options_mut() = options(ResolverOpts::default());
        Ok(Self(builder.build()?))
    }

    /// Judges a domain, asking for whatever is wanted. Ends: each round asks for what was not
    /// asked before, and judging looks at a bounded number of names.
    pub async fn judge(&self, subject: &Subject) -> Judged {
        let mut answers = Answers::default();
        loop {
            let judged = judge(subject, &answers);
            if judged.wanted.is_empty() {
                return judged;
            }
            self.ask(judged.wanted, &mut answers).await;
        }
    }

    async fn ask(&self, questions: BTreeSet<Question>, answers: &mut Answers) {
        let questions: Vec<_> = questions.into_iter().collect();
        for some in questions.chunks(AT_ONCE) {
            let asked = join_all(some.iter().map(|question| self.answer(question))).await;
            for (question, answer) in some.iter().zip(asked) {
                answers.put(question.clone(), answer);
            }
        }
    }

    /// The records of a name, aliases followed.
    async fn answer(&self, question: &Question) -> Answer {
        let kind = match question.kind {
            Kind::Cname => RecordType::CNAME,
            Kind::Mx => RecordType::MX,
            Kind::Txt => RecordType::TXT,
        };
        // With its last dot, so that no search list is tried.
        let Ok(name) = Name::from_ascii(format!("{}.", question.name)) else { return Ok(Vec::new()) };
        match self.0.lookup(name, kind).await {
            Ok(lookup) => {
                Ok(lookup.answers().iter().filter_map(|record| written(record, question.kind)).collect())
            }
            Err(error) => silence(&error).map_or(Ok(Vec::new()), Err),
        }
    }
}

fn options(mut options: ResolverOpts) -> ResolverOpts {
    options.timeout = TIMEOUT;
    options.attempts = 1;
    options.edns0 = true;
    options.use_hosts_file = ResolveHosts::Never;
    options
}

/// A record as a file of answers has it, if it is of the kind.
fn written(record: &Record, kind: Kind) -> Option<String> {
    match (&record.data, kind) {
        (RData::TXT(txt), Kind::Txt) => {
            let bytes: Vec<u8> = txt.txt_data.iter().flat_map(|part| part.iter().copied()).collect();
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        (RData::MX(mx), Kind::Mx) => Some(format!("{} {}", mx.preference, host(&mx.exchange.to_ascii()))),
        (RData::CNAME(target), Kind::Cname) => Some(host(&target.to_ascii())),
        _ => None,
    }
}

/// Why there is no answer; none where the answer is that there are no records.
fn silence(error: &NetError) -> Option<Silence> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NoError | ResponseCode::NXDomain => None,
            code => Some(by_code(code)),
        },
        NetError::Dns(DnsError::ResponseCode(code)) => Some(by_code(*code)),
        _ => Some(Silence::NoReply),
    }
}

fn by_code(code: ResponseCode) -> Silence {
    match code {
        ResponseCode::ServFail => Silence::ServerFailure,
        _ => Silence::Refused,
    }
}
