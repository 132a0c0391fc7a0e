//! What the address of a chat has to hold, beside its host: the keys that its robot gives.

use crate::notice::Channel;
use crate::say::Text;
use crate::text;

/// What is missing in an address, and where it is found; `None`: nothing that is known of. Sources: as the
/// bodies', in the file of each.
pub fn missing(channel: &Channel, path: &str, query: &str) -> Option<Text> {
    match channel {
        Channel::Mail { .. } | Channel::Webhook => None,
        Channel::Wecom if path == "/cgi-bin/webhook/send" && has(query, "key") => None,
        Channel::Wecom => Some(text!(
            "its address lacks /cgi-bin/webhook/send?key=…: in WeCom, open the group's robot and copy its Webhook address as a whole",
            "其地址缺少 /cgi-bin/webhook/send?key=…:请在企业微信群的机器人中完整复制 Webhook 地址"
        )),
        Channel::Dingtalk if path == "/robot/send" && has(query, "access_token") => None,
        Channel::Dingtalk => Some(text!(
            "its address lacks /robot/send?access_token=…: in DingTalk, open the group's robot and copy its Webhook as a whole",
            "其地址缺少 /robot/send?access_token=…:请在钉钉群的机器人设置中完整复制 Webhook"
        )),
        Channel::Feishu if is_behind(path, "/open-apis/bot/v2/hook/", 1) => None,
        Channel::Feishu => Some(text!(
            "its address lacks the robot's id behind /open-apis/bot/v2/hook/: in Feishu, open the group's custom bot and copy its Webhook URL as a whole",
            "其地址在 /open-apis/bot/v2/hook/ 之后缺少机器人 ID:请在飞书群的自定义机器人中完整复制 Webhook 地址"
        )),
        Channel::Slack if is_behind(path, "/services/", 3) => None,
        Channel::Slack => Some(text!(
            "its address lacks /services/T…/B…/…: at api.slack.com/apps, open the app, then Incoming Webhooks, and copy the Webhook URL as a whole",
            "其地址缺少 /services/T…/B…/…:请在 api.slack.com/apps 打开应用的 Incoming Webhooks,完整复制 Webhook URL"
        )),
        Channel::Teams if is_workflow(path) && has(query, "sig") => None,
        Channel::Teams => Some(text!(
            "its address lacks /workflows/… or sig=… at its end: in Teams, open the channel's Workflows and copy the URL of the workflow that posts webhook requests, as a whole",
            "其地址缺少 /workflows/… 或末尾的 sig=…:请在 Teams 频道的“工作流”中完整复制接收 webhook 请求的工作流的 URL"
        )),
    }
}

/// Whether a query gives a key a value.
fn has(query: &str, key: &str) -> bool {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.any(|(name, value)| name == key && !value.is_empty())
}

/// Whether so many words stand behind the beginning of a path.
fn is_behind(path: &str, begin: &str, words: usize) -> bool {
    let Some(rest) = path.strip_prefix(begin) else { return false };
    let rest: Vec<_> = rest.trim_end_matches('/').split('/').collect();
    rest.len() == words && rest.iter().all(|word| !word.is_empty())
}

/// Whether a path names a workflow, at Azure or at the Power Platform.
fn is_workflow(path: &str) -> bool {
    path.split_once("/workflows/").is_some_and(|(_, id)| !id.trim_matches('/').is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_cannot_work_is_told_with_what_is_missing() {
        let power = "/powerautomate/automations/direct/workflows/x/triggers/manual/paths/invoke";
        for (channel, good, bad, says) in [
            (
                Channel::Wecom,
                ("/cgi-bin/webhook/send", "key=k"),
                &[("/cgi-bin/webhook/send", ""), ("/cgi-bin/webhook/send", "key="), ("/", "key=k")][..],
                "key=",
            ),
            (
                Channel::Dingtalk,
                ("/robot/send", "access_token=t"),
                &[("/robot/send", ""), ("/robot/send", "token=t"), ("/", "access_token=t")],
                "access_token=",
            ),
            (
                Channel::Feishu,
                ("/open-apis/bot/v2/hook/h", ""),
                &[("/", ""), ("/open-apis/bot/v2/hook/", ""), ("/open-apis/bot/v2/hook", "")],
                "/hook/",
            ),
            (
                Channel::Slack,
                ("/services/T0/B0/x", ""),
                &[("/", ""), ("/services/", ""), ("/services/T0/B0", ""), ("/services/T0//x", "")],
                "/services/T",
            ),
            (
                Channel::Teams,
                ("/workflows/x", "sp=r&sig=s"),
                &[("/", ""), ("/workflows/", "sig=s"), ("/workflows/x", "")],
                "/workflows/",
            ),
            (Channel::Teams, (power, "sig=s"), &[("/", "sig=s")], "sig="),
        ] {
            assert_eq!(missing(&channel, good.0, good.1), None, "{good:?}");
            for (path, query) in bad {
                let Text { en, zh } = missing(&channel, path, query).expect(path);
                assert!(en.contains(says) && zh.contains(says), "{path}?{query}: {en} {zh}");
            }
        }
        assert_eq!(missing(&Channel::Webhook, "/", ""), None, "a program of one's own may be anywhere");
    }
}
