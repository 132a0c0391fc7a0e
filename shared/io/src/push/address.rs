//! Which addresses messages may go to: the hosts of the chats, and for webhooks of one's own any
//! host of the public internet.
//!
//! Guarantee: no request goes to an address within a network, whatever a name resolves to at
//! whichever moment: the addresses that were looked at are those that are connected to.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use renown_core::notice::Channel;
use renown_core::push::missing;
use renown_core::say::Text;
use renown_core::text;
use tower_service::Service;

/// Hosts of a channel: whole names, and ends of names that begin with a dot. Sources: the documents
/// of each (platform.md 5): `WeCom` "group robot", `DingTalk` "custom robot", Feishu and Lark "custom bot",
/// Slack "incoming webhooks", Teams "Workflows webhooks".
fn hosts(channel: &Channel) -> Option<&'static [&'static str]> {
    match channel {
        Channel::Wecom => Some(&["qyapi.weixin.qq.com"]),
        Channel::Dingtalk => Some(&["oapi.dingtalk.com"]),
        Channel::Feishu => Some(&["open.feishu.cn", "open.larksuite.com"]),
        Channel::Slack => Some(&["hooks.slack.com"]),
        Channel::Teams => Some(&[".logic.azure.com", ".environment.api.powerplatform.com"]),
        Channel::Mail { .. } | Channel::Webhook => None,
    }
}

/// Whether messages of a channel may go to an address.
///
/// # Errors
///
/// What is wrong with it, without the address, which is a secret.
pub fn check(channel: &Channel, url: &str) -> Result<Uri, Text> {
    let uri: Uri = url.parse().map_err(|_| text!("its address is no URL", "其地址不是 URL"))?;
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    if uri.scheme_str() != Some("https") || host.is_empty() {
        return Err(text!("its address has to begin with https://", "其地址须以 https:// 开头"));
    }
    if uri.port_u16().is_some_and(|port| port != 443) {
        return Err(text!("its address names a port; only 443 is called", "其地址指定了端口;只允许 443"));
    }
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(text!("its address holds a user name", "其地址中含有用户名"));
    }
    if let Some(hosts) = hosts(channel) {
        let fits = |known: &str| {
            if known.starts_with('.') { host.ends_with(known) } else { host == known }
        };
        if !hosts.iter().any(|known| fits(known)) {
            let hosts = hosts.iter().map(|host| host.trim_start_matches('.')).collect::<Vec<_>>().join(", ");
            return Err(text!(
                "its address is not at {hosts}: copy it from the chat's own settings",
                "其地址不属于 {hosts}:请从群机器人设置中复制"
            ));
        }
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    // A name without a dot, or with such an end, is one of this machine's or network's (RFC 6761, 6762, 9476).
    let is_local = |host: &str| {
        !host.contains('.') || [".localhost", ".local", ".internal"].iter().any(|end| host.ends_with(end))
    };
    if literal.map_or_else(|_| is_local(&host), |address| !is_public(address)) {
        return Err(text!("its address lies within a network", "其地址位于内网"));
    }
    match missing(channel, uri.path(), uri.query().unwrap_or_default()) {
        Some(missing) => Err(missing),
        None => Ok(uri),
    }
}

/// Whether an address is one of the public internet. Sources: the IANA registries of special-purpose
/// addresses (RFC 6890 and its updates).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(a == 0
        || a >= 240
        || v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation()
        // Shared by carriers (RFC 6598), protocol assignments, benchmarks (RFC 2544).
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    if let Some(v4) = v6.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, ..] = v6.segments();
    // Only global unicast is routed to others; of it the documentation, benchmarking, Teredo and
    // 6to4 (which holds an IPv4 address) blocks are not called.
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
        && first != 0x2002
}

/// Finds the addresses of a name, and gives back only those that may be connected to.
#[derive(Debug, Clone)]
pub(crate) struct PublicResolver(GaiResolver);

impl PublicResolver {
    pub(crate) fn new() -> Self {
        Self(GaiResolver::new())
    }
}

impl Service<Name> for PublicResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let found = self.0.call(name);
        Box::pin(async move {
            let public: Vec<SocketAddr> = found.await?.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(std::io::Error::other("the name leads to no public address"));
            }
            Ok(public.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_is_called_at_its_own_host_alone() {
        let check = |channel: Channel, url: &str| check(&channel, url).is_ok();
        for (channel, good, bad) in [
            (
                Channel::Wecom,
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
                "https://qyapi.weixin.qq.com.evil.example/x",
            ),
            (
                Channel::Dingtalk,
                "https://oapi.dingtalk.com/robot/send?access_token=t",
                "http://oapi.dingtalk.com/robot/send",
            ),
            (
                Channel::Feishu,
                "https://open.larksuite.com/open-apis/bot/v2/hook/t",
                "https://larksuite.com/open-apis/bot/v2/hook/t",
            ),
            (
                Channel::Slack,
                "https://hooks.slack.com/services/T/B/x",
                "https://hooks.slack.com:8443/services/T/B/x",
            ),
            (
                Channel::Teams,
                "https://prod-1.westeurope.logic.azure.com/workflows/x?sig=s",
                "https://evillogic.azure.com/x",
            ),
            (Channel::Slack, "https://hooks.slack.com/services/T/B/x/", "https://hooks.slack.com"),
            (
                Channel::Webhook,
                "https://automation.tea.example/hook",
                "https://user@automation.tea.example/hook",
            ),
        ] {
            assert!(check(channel.clone(), good), "{good}");
            assert!(!check(channel, bad), "{bad}");
        }
        for bad in [
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://169.254.169.254/latest",
            "https://",
            "ftp://a.example/x",
        ] {
            assert!(!check(Channel::Webhook, bad), "{bad}");
        }
    }

    #[test]
    fn addresses_within_networks_are_told_from_public_ones() {
        for (address, expect) in [
            ("8.8.8.8", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("198.18.0.1", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:4700::1111", true),
            ("::1", false),
            ("::", false),
            ("fc00::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_public(address.parse().expect("an address")), expect, "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_into_a_network_is_not_connected_to() {
        let name: Name = "localhost".parse().expect("a name");
        let error = PublicResolver::new().call(name).await.map(Iterator::count).expect_err("refused");
        assert!(error.to_string().contains("no public address"), "{error}");
    }
}
