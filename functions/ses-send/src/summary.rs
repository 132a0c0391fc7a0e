//! What a tick came to.

use jiff::Timestamp;
use renown_core::ids::ShopId;
use renown_core::notice::Notice;
use renown_core::say::Text;
use renown_core::text;
use renown_io::ledger::Unread;
use renown_io::secrets;
use serde::Serialize;

/// Counts of one tick, and what an operator must know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Shops in listen mode: left unread.
    pub listening: u64,
    /// Shops that are paused or braked: left unread.
    pub stopped: u64,
    /// How long the longest due mail of a live shop had waited when the tick began, in seconds.
    pub lag_seconds: u64,
    /// Mails that SES took.
    pub sent: u64,
    /// Mails put off: night, a cap, the quota.
    pub waiting: u64,
    /// Mails handed to a person.
    pub held: u64,
    /// Mails that will not be sent.
    pub skipped: u64,
    /// Mails that SES refused.
    pub refused: u64,
    /// Mails of unknown fate.
    pub unclear: u64,
    /// Addresses that SES's own list told of.
    pub suppressed: u64,
    /// What needs a person; each once a tick.
    pub problems: Vec<Problem>,
}

/// Something an operator must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The shop; `None`: all of them.
    pub shop: Option<ShopId>,
    /// What, and what to do.
    pub text: Text,
}

impl Problem {
    /// What operators are told of it, once a day.
    pub(crate) fn notice(&self, now: Timestamp) -> Notice {
        let shop = self.shop.as_ref().map_or("all", |shop| shop.as_str());
        let about = format!("sending#{shop}#{}", Unread::hash_of(self.text.en.as_bytes()));
        let title = text!("{shop}: mails cannot be sent as things are", "{shop}:目前无法发送邮件");
        Notice::daily(&about, title, now).line(self.text.clone())
    }
}

impl Summary {
    /// Adds a problem and logs it, unless it is there already.
    pub(crate) fn problem(&mut self, shop: Option<&ShopId>, text: Text) {
        let problem = Problem { shop: shop.cloned(), text };
        if !self.problems.contains(&problem) {
            let shop = shop.map(ToString::to_string).unwrap_or_default();
            tracing::error!(shop.id = shop, problem = %problem.text.en, "a person must look");
            self.problems.push(problem);
        }
    }
}

pub(crate) fn no_keys(error: &secrets::Error) -> Text {
    let Text { en, zh } = renown_io::say::secret(error);
    text!("no mail leaves without the keys of mail: {en}", "缺少邮件密钥,无法发送邮件:{zh}")
}

pub(crate) fn no_quota(why: &str) -> Text {
    text!(
        "SES does not tell what may be sent ({why}): nothing is sent; the next tick asks again",
        "SES 未返回可发送的额度({why}):暂不发送,下一次会再询问"
    )
}

pub(crate) fn ses_is_off() -> Text {
    text!(
        "SES has paused sending for the account: look at the SES console (reputation), then let it review the account",
        "SES 已暂停该账户的发送:请查看 SES 控制台的信誉页面,并申请复核"
    )
}

pub(crate) fn refused(why: &str) -> Text {
    text!(
        "SES refused a mail for good ({why}): is the sender's domain verified, and is the account out of the sandbox?",
        "SES 拒绝了一封邮件({why}):发件域名是否已验证,账户是否已移出沙箱?"
    )
}
