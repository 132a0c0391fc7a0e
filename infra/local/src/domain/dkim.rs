//! DKIM: the keys by which receivers know that a mail is the domain's.
//!
//! With Easy DKIM, Amazon keeps the keys: three aliases point to them. With a key of one's own, a
//! text holds it. Sources: the SES developer guide; RFC 6376; RFC 8301 on lengths.

use data_encoding::BASE64;
use renown_core::say::Text;
use renown_core::text;

use super::answers::{Kind, Look};
use super::finding::{Check, Finding, State};
use super::name::Domain;
use super::tags::Tags;

/// Shortest RSA key that receivers take, in bits. Source: RFC 8301 3.2.
const MIN_BITS: usize = 1024;
/// Aliases of Easy DKIM. Source: the SES developer guide.
const ALIASES: usize = 3;
/// Characters of a word that SES gives for an alias.
const TOKEN_LENGTH: usize = 32;

/// The keys of a domain.
#[derive(Debug)]
pub(super) struct Keys {
    /// What is told of them.
    pub(super) findings: Vec<Finding>,
    /// How the best of them stands; none was looked at where there is none.
    pub(super) best: Option<State>,
}

/// Judges the keys of a domain.
pub(super) fn judge(domain: &Domain, selectors: &[String], look: &mut Look<'_>) -> Keys {
    if selectors.is_empty() {
        let text = text!(
            "not looked at: name the keys with --selector. `aws sesv2 get-email-identity --email-identity {domain} --query DkimAttributes.Tokens --output text` tells the three words of Easy DKIM",
            "未检查:请用 --selector 指定密钥。`aws sesv2 get-email-identity --email-identity {domain} --query DkimAttributes.Tokens --output text` 会给出 Easy DKIM 的三个词"
        );
        let finding = Finding::new(Check::Dkim, State::Warn, "dkim_not_checked", domain, text);
        return Keys { findings: vec![finding], best: None };
    }
    let mut aliases = 0;
    let mut findings: Vec<Finding> =
        selectors.iter().map(|selector| of_selector(domain, selector, look, &mut aliases)).collect();
    let best = findings.iter().map(|finding| finding.state).min();
    if aliases > 0 && aliases < ALIASES && selectors.len() < ALIASES {
        let text = text!(
            "{aliases} of the {ALIASES} aliases of Easy DKIM looked at: SES wants all of them; name each with --selector",
            "Easy DKIM 的 {ALIASES} 个别名只检查了 {aliases} 个:SES 需要全部;请逐一用 --selector 指定"
        );
        findings.push(Finding::new(Check::Dkim, State::Warn, "dkim_not_all_checked", domain, text));
    }
    Keys { findings, best }
}

fn of_selector(domain: &Domain, selector: &str, look: &mut Look<'_>, aliases: &mut usize) -> Finding {
    let Some(name) = domain.below(&format!("{selector}._domainkey")) else {
        let text = text!("{selector:?} is no selector", "{selector:?} 不是选择器");
        return Finding::new(Check::Dkim, State::Wrong, "dkim_no_selector", domain, text);
    };
    let name = &name;
    let (alias, texts) = (look.up(name, Kind::Cname), look.up(name, Kind::Txt));
    let alias = match alias {
        Ok(alias) => alias.into_iter().next(),
        Err(why) => return Finding::unclear(Check::Dkim, name, Kind::Txt, why),
    };
    let is_amazons = alias.as_ref().is_some_and(|target| target.ends_with(".amazonses.com"));
    *aliases += usize::from(is_amazons);
    let new = |state, code, text| Finding::new(Check::Dkim, state, code, name, text);
    if let Some(target) = alias.as_ref().filter(|_| is_amazons)
        && target.split('.').next() != Some(selector)
    {
        let text = text!(
            "points to {target}, the key of another name: SES wants its own word on both sides",
            "指向 {target},那是另一个名称的密钥:SES 要求两侧为同一个词"
        );
        let wrong = new(State::Wrong, "dkim_wrong_alias", text).found(std::slice::from_ref(target));
        return wrong.publish(name, Kind::Cname, amazons(selector));
    }
    let texts = match texts {
        Ok(texts) => texts,
        Err(why) => return Finding::unclear(Check::Dkim, name, Kind::Txt, why),
    };
    let shown: Vec<String> = alias.iter().cloned().collect();
    match (texts.as_slice(), &alias) {
        ([], Some(target)) => {
            let text = text!(
                "points to {target}, where no key is: the identity was deleted or set up anew. Ask SES for its words again",
                "指向 {target},但那里没有密钥:身份已删除或重建。请向 SES 重新查询"
            );
            new(State::Wrong, "dkim_alias_without_key", text).found(&shown)
        }
        ([], None) if is_token(selector) => {
            let text =
                text!("no such record: SES signs no mail without it", "没有此记录:缺少它 SES 不会签名");
            new(State::Wrong, "dkim_missing", text).publish(name, Kind::Cname, amazons(selector))
        }
        ([], None) => {
            let text = text!(
                "no such record. Put in your public key, without its first and last line; or take Easy DKIM, whose three words are the selectors",
                "没有此记录。请填入您的公钥(去掉首尾行);或使用 Easy DKIM,其三个词即为选择器"
            );
            new(State::Wrong, "dkim_missing", text).publish(name, Kind::Txt, "p=PUBLIC-KEY")
        }
        ([record], _) => {
            let (state, code, text) = key(record, is_amazons);
            new(state, code, text).found(&shown)
        }
        (several, _) => {
            let n = several.len();
            let text = text!(
                "{n} keys at one name: receivers take any of them or none. Keep one",
                "同一名称下有 {n} 个密钥:收件方可能任选其一或全部忽略。请只保留一个"
            );
            new(State::Wrong, "dkim_several", text).found(&shown)
        }
    }
}

/// Where SES keeps the key of a word. Some regions and newer identities have names of their own;
/// any of Amazon's is taken where one is published.
fn amazons(selector: &str) -> String {
    format!("{selector}.dkim.amazonses.com")
}

fn is_token(selector: &str) -> bool {
    selector.len() == TOKEN_LENGTH && selector.bytes().all(|c| c.is_ascii_alphanumeric())
}

/// Judges a key.
fn key(record: &str, is_amazons: bool) -> (State, &'static str, Text) {
    let unreadable = |what: &str| {
        let text = text!(
            "the key cannot be read at {what:?}: publish it again as it was given",
            "密钥在 {what:?} 处无法读取:请按原样重新发布"
        );
        (State::Wrong, "dkim_unreadable", text)
    };
    let tags = match Tags::read(record) {
        Ok(tags) => tags,
        Err(piece) => return unreadable(&piece),
    };
    if tags.get("v").is_some_and(|version| version != "DKIM1") {
        return unreadable("v=");
    }
    let Some(key) = tags.get("p") else { return unreadable("p=") };
    let key: String = key.chars().filter(|c| !c.is_whitespace()).collect();
    if key.is_empty() {
        let text = text!(
            "the key is empty, which means revoked: mails signed with it fail. Publish the present key, or take the selector out of use",
            "密钥为空,表示已吊销:用它签名的邮件验证失败。请发布现用密钥,或停用该选择器"
        );
        return (State::Wrong, "dkim_revoked", text);
    }
    let Ok(bytes) = BASE64.decode(key.as_bytes()) else { return unreadable("p=") };
    let kind = tags.get("k").unwrap_or("rsa");
    if kind != "rsa" {
        let text = text!(
            "a key of the kind {kind:?}: SES signs with RSA, and many receivers know nothing else",
            "密钥类型为 {kind:?}:SES 使用 RSA,许多收件方也只识别 RSA"
        );
        return (State::Wrong, "dkim_not_rsa", text);
    }
    let Some(bits) = rsa_bits(&bytes) else { return unreadable("p=") };
    if bits < MIN_BITS {
        let text = text!(
            "an RSA key of {bits} bits: receivers take none below {MIN_BITS}. Make one of 2048",
            "RSA 密钥只有 {bits} 位:收件方不接受低于 {MIN_BITS} 位的密钥。请改用 2048 位"
        );
        return (State::Wrong, "dkim_short_key", text);
    }
    if tags.get("t").is_some_and(|flags| flags.split(':').any(|flag| flag.trim() == "y")) {
        let text = text!(
            "marked as a trial (t=y): receivers may treat the mails as not signed. Take t=y out",
            "标记为测试(t=y):收件方可能视邮件为未签名。请去掉 t=y"
        );
        return (State::Warn, "dkim_trial", text);
    }
    let text = if is_amazons {
        text!(
            "Amazon's key, RSA of {bits} bits: mails are signed as yours",
            "亚马逊的密钥,RSA {bits} 位:邮件以您的域名签名"
        )
    } else {
        text!(
            "your key, RSA of {bits} bits: mails are signed as yours",
            "自有密钥,RSA {bits} 位:邮件以您的域名签名"
        )
    };
    (State::Ok, "dkim_ok", text)
}

/// The length of an RSA key, bare or within the frame that names its kind. None if it is no key.
fn rsa_bits(der: &[u8]) -> Option<usize> {
    const INTEGER: u8 = 0x02;
    const BIT_STRING: u8 = 0x03;
    const SEQUENCE: u8 = 0x30;
    let (tag, key, _) = element(der)?;
    let (first, inner, rest) = element(key).filter(|_| tag == SEQUENCE)?;
    match first {
        INTEGER => {
            let significant = &inner[inner.iter().position(|byte| *byte != 0)?..];
            let zeros = usize::try_from(significant.first()?.leading_zeros()).ok()?;
            Some(significant.len() * 8 - zeros)
        }
        SEQUENCE => {
            let (tag, bits, _) = element(rest).filter(|(tag, ..)| *tag == BIT_STRING)?;
            let (unused, framed) = bits.split_first().filter(|_| tag == BIT_STRING)?;
            // A frame in a frame is none, so that this ends.
            let (_, framed_key, _) = element(framed)?;
            let is_bare = framed_key.first() == Some(&INTEGER);
            if *unused == 0 && is_bare { rsa_bits(framed) } else { None }
        }
        _ => None,
    }
}

/// The first element of DER: its tag, what it holds, what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*length) {
        short @ 0..0x80 => (short, rest),
        long => {
            let (digits, rest) =
                rest.split_at_checked(long & 0x7f).filter(|(digits, _)| digits.len() <= 4)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz234567";

    /// A public key whose number has so many bits, bare or framed.
    fn public_key(bits: usize, framed: bool) -> String {
        let wrapped = |tag: u8, content: &[u8]| {
            let length = u16::try_from(content.len()).expect("short").to_be_bytes();
            [&[tag, 0x82, length[0], length[1]], content].concat()
        };
        let mut number = vec![0xff; bits.div_ceil(8)];
        number[0] >>= bits.div_ceil(8) * 8 - bits;
        number.insert(0, 0);
        let key = wrapped(0x30, &[wrapped(2, &number), vec![2, 3, 1, 0, 1]].concat());
        let frame = [wrapped(0x30, &[5, 0]), wrapped(3, &[&[0], key.as_slice()].concat())].concat();
        BASE64.encode(&if framed { wrapped(0x30, &frame) } else { key })
    }

    fn check(selectors: &[&str], lines: &str, expected: &[&str]) {
        let answers = file::read(lines).expect("readable");
        let selectors: Vec<_> = selectors.iter().map(|selector| (*selector).to_owned()).collect();
        let domain = "shop.example".parse().expect("valid");
        let keys = judge(&domain, &selectors, &mut Look::into_answers(&answers));
        let codes: Vec<_> = keys.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, expected, "{lines}");
    }

    #[test]
    fn keys_of_ones_own_are_judged_by_what_they_hold() {
        let own = |record: &str, code| {
            check(&["s1"], &format!("s1._domainkey.shop.example TXT \"{record}\""), &[code]);
        };
        for framed in [true, false] {
            own(&format!("v=DKIM1; k=rsa; p={}", public_key(2048, framed)), "dkim_ok");
            own(&format!("p={}", public_key(1024, framed)), "dkim_ok");
            own(&format!("p={}", public_key(1023, framed)), "dkim_short_key");
            own(&format!("p={}", public_key(512, framed)), "dkim_short_key");
        }
        own("v=DKIM1; p=", "dkim_revoked");
        own("v=DKIM1", "dkim_unreadable");
        own("v=DKIM2; p=AAAA", "dkim_unreadable");
        own("p=not base64!", "dkim_unreadable");
        own("p=AAAA", "dkim_unreadable");
        own("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "dkim_not_rsa");
        own(&format!("t=y:s; p={}", public_key(2048, true)), "dkim_trial");
        check(
            &["s1"],
            "s1._domainkey.shop.example TXT -\ns1._domainkey.shop.example CNAME -",
            &["dkim_missing"],
        );
        check(
            &["s1"],
            "s1._domainkey.shop.example TXT p=\ns1._domainkey.shop.example TXT p=AA",
            &["dkim_several"],
        );
    }

    #[test]
    fn aliases_of_easy_dkim_lead_to_a_key_under_the_same_word() {
        let name = format!("{TOKEN}._domainkey.shop.example");
        let at = |target: &str| format!("{name} CNAME {target}\n{target} TXT p={}", public_key(2048, true));
        let all = [TOKEN, TOKEN, TOKEN];
        check(&all, &at(&format!("{TOKEN}.dkim.amazonses.com")), &["dkim_ok"; 3]);
        check(&all, &at(&format!("{TOKEN}.dkim.eu-south-1.amazonses.com")), &["dkim_ok"; 3]);
        check(&all[..1], &at(&format!("{TOKEN}.dkim.amazonses.com")), &["dkim_ok", "dkim_not_all_checked"]);
        check(&all, &at("other.dkim.amazonses.com"), &["dkim_wrong_alias"; 3]);
        let lost = format!("{name} CNAME {TOKEN}.dkim.amazonses.com\n{TOKEN}.dkim.amazonses.com TXT -");
        check(&all, &lost, &["dkim_alias_without_key"; 3]);
        check(&all, &format!("{name} CNAME -\n{name} TXT -"), &["dkim_missing"; 3]);
        check(&all, "", &["unknown"; 3]);
        check(&[], "", &["dkim_not_checked"]);
    }

    #[test]
    fn bytes_that_are_no_key_have_no_length() {
        for bytes in
            [&[][..], &[0x30], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[2, 1, 1], &[0x30, 3, 2, 1, 0]]
        {
            assert_eq!(rsa_bits(bytes), None, "{bytes:?}");
        }
    }
}
