//! A name server on a port of this machine, over UDP and TCP.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{CNAME, MX, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

/// What fits into a packet, in bytes. Source: RFC 1035 4.2.1.
const PACKET: usize = 512;

/// The server. It ends with the process.
pub(super) struct NameServer {
    address: String,
    by_tcp: Arc<AtomicBool>,
}

/// Records, and names that are answered with a failure.
#[derive(Default)]
struct Zone {
    records: BTreeMap<Name, Vec<RData>>,
    failures: BTreeMap<(Name, RecordType), ResponseCode>,
}

impl NameServer {
    /// One that tells what such a file says.
    pub(super) fn telling(lines: &str) -> Self {
        let zone = Arc::new(Zone::read(lines));
        let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = tcp.local_addr().expect("bound");
        let udp = UdpSocket::bind(address).expect("the same port");
        let by_tcp = Arc::new(AtomicBool::new(false));
        let (zone_too, by_tcp_too) = (Arc::clone(&zone), Arc::clone(&by_tcp));
        std::thread::spawn(move || {
            let mut packet = [0; PACKET];
            while let Ok((length, from)) = udp.recv_from(&mut packet) {
                let answer = zone.answer(&packet[..length]);
                let bytes = answer.to_vec().expect("written");
                let fits = bytes.len() <= PACKET;
                let bytes = if fits { bytes } else { answer.truncate().to_vec().expect("written") };
                udp.send_to(&bytes, from).expect("sent");
            }
        });
        std::thread::spawn(move || {
            for stream in tcp.incoming().flatten() {
                by_tcp_too.store(true, Ordering::SeqCst);
                let zone = Arc::clone(&zone_too);
                std::thread::spawn(move || serve(&zone, stream));
            }
        });
        Self { address: address.to_string(), by_tcp }
    }

    /// An address at which nobody listens.
    pub(super) fn closed() -> String {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        socket.local_addr().expect("bound").to_string()
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn was_asked_by_tcp(&self) -> bool {
        self.by_tcp.load(Ordering::SeqCst)
    }
}

/// Answers each question of a connection; it ends when the other side has gone.
fn serve(zone: &Zone, mut stream: TcpStream) -> Option<()> {
    loop {
        let mut length = [0; 2];
        stream.read_exact(&mut length).ok()?;
        let mut question = vec![0; u16::from_be_bytes(length).into()];
        stream.read_exact(&mut question).ok()?;
        let answer = zone.answer(&question).to_vec().expect("written");
        let length = u16::try_from(answer.len()).expect("short").to_be_bytes();
        stream.write_all(&[&length, answer.as_slice()].concat()).ok()?;
    }
}

impl Zone {
    fn read(lines: &str) -> Self {
        let mut zone = Self::default();
        for line in lines.lines().filter(|line| !line.starts_with(';')) {
            let line = line.replace(" 300 IN ", " ");
            let [name, kind, data] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let host =
                |name: &str| Name::from_ascii(format!("{}.", name.trim_end_matches('.'))).expect("a name");
            let record = kind.parse::<RecordType>().expect("a kind");
            let failure = match data {
                "SERVFAIL" => Some(ResponseCode::ServFail),
                "REFUSED" => Some(ResponseCode::Refused),
                _ => None,
            };
            if let Some(code) = failure {
                zone.failures.insert((host(name), record), code);
                continue;
            }
            let data = match record {
                RecordType::CNAME => RData::CNAME(CNAME(host(data))),
                RecordType::MX => {
                    let (priority, target) = data.split_once(' ').expect("two words");
                    RData::MX(MX::new(priority.parse().expect("a number"), host(target)))
                }
                _ => {
                    let bytes = data.trim_matches('"').as_bytes();
                    RData::TXT(TXT::from_bytes(bytes.chunks(255).collect()))
                }
            };
            zone.records.entry(host(name)).or_default().push(data);
        }
        zone
    }

    /// The answer to a question, aliases followed as a resolver does.
    fn answer(&self, question: &[u8]) -> Message {
        let question = Message::from_vec(question).expect("a question");
        let asked = question.queries.first().expect("one question").clone();
        let (mut name, kind) = (asked.name().clone(), asked.query_type());
        if let Some(code) = self.failures.get(&(name.clone(), kind)) {
            let mut answer = Message::error_msg(question.metadata.id, OpCode::Query, *code);
            answer.add_query(asked);
            return answer;
        }
        let mut answer = Message::response(question.metadata.id, OpCode::Query);
        answer.metadata.recursion_available = true;
        answer.add_query(asked);
        if !self.records.contains_key(&name) {
            answer.metadata.response_code = ResponseCode::NXDomain;
        }
        while let Some(records) = self.records.get(&name) {
            let meant = |data: &&RData| data.record_type() == kind || data.record_type() == RecordType::CNAME;
            answer.add_answers(
                records.iter().filter(meant).map(|data| Record::from_rdata(name.clone(), 300, data.clone())),
            );
            match records.first() {
                Some(RData::CNAME(target)) if kind != RecordType::CNAME => name = target.0.clone(),
                _ => break,
            }
        }
        answer
    }
}
