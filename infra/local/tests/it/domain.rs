//! `renown domain check`: what it says of a domain, from a file of answers and from a name server.

mod name_server;

use std::path::Path;

use data_encoding::BASE64;
use serde_json::Value;

use crate::keep::terminal::{Ran, arg, renown};
use name_server::NameServer;

const WORDS: [&str; 3] = [
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "cccccccccccccccccccccccccccccccc",
];
const DOMAIN: &str = "mail.tea.example";
const MAIL_FROM: &str = "bounce.mail.tea.example";

/// A public key of 2048 bits, as it stands in DNS.
fn public_key() -> String {
    let number = [&[0x30, 0x82, 1, 8, 2, 0x82, 1, 1, 0], [0xc3; 256].as_slice(), &[2, 1, 3]].concat();
    format!("v=DKIM1; k=rsa; p={}", BASE64.encode(&number))
}

/// Answers for a domain of which all is in order.
fn in_order() -> String {
    let keys = WORDS.map(|word| {
        let target = format!("{word}.dkim.amazonses.com");
        format!(
            "{word}._domainkey.{DOMAIN}. 300 IN CNAME {target}.\n{target}. 300 IN TXT \"{}\"\n",
            public_key()
        )
    });
    format!(
        "; dig +noall +answer\n\
         {MAIL_FROM}. 300 IN MX 10 feedback-smtp.eu-central-1.amazonses.com.\n\
         {MAIL_FROM}. 300 IN TXT \"v=spf1 include:amazonses.com ~all\"\n\
         _dmarc.{DOMAIN} TXT \"v=DMARC1; p=quarantine; rua=mailto:dmarc@tea.example\"\n{}",
        keys.concat()
    )
}

/// One of which much is wrong.
fn in_disorder() -> String {
    format!(
        "{MAIL_FROM} MX 10 mx.tea.example\n\
         {MAIL_FROM} TXT \"v=spf1 include:amazonses.com ~all\"\n\
         {MAIL_FROM} TXT \"v=spf1 mx +all\"\n\
         {0}._domainkey.{DOMAIN} CNAME {0}.dkim.amazonses.com\n\
         {0}.dkim.amazonses.com TXT p=\n\
         {1}._domainkey.{DOMAIN} TXT -\n\
         {1}._domainkey.{DOMAIN} CNAME -\n\
         {2}._domainkey.{DOMAIN} TXT SERVFAIL\n\
         {2}._domainkey.{DOMAIN} CNAME SERVFAIL\n\
         _dmarc.{DOMAIN} TXT \"v=DMARC1; p=none\"\n",
        WORDS[0], WORDS[1], WORDS[2]
    )
}

/// Checks the domain with its MAIL FROM and its three words.
fn check(dir: &Path, more: &[&str]) -> Ran {
    let mut args = vec!["domain", "check", DOMAIN, "--mail-from", MAIL_FROM];
    args.extend(WORDS.iter().flat_map(|word| ["--selector", word]));
    args.extend(more);
    renown(dir, &args)
}

/// The same from a file of answers.
fn check_file(answers: &str, more: &[&str]) -> Ran {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("answers.txt");
    std::fs::write(&file, answers).expect("written");
    check(dir.path(), &[more, &["--answers", arg(&file)]].concat())
}

/// Each thing with how it stands.
fn codes(json: &Value) -> Vec<(&str, &str)> {
    let findings = json["findings"].as_array().expect("findings").iter();
    findings.map(|one| (one["code"].as_str().unwrap_or(""), one["state"].as_str().unwrap_or(""))).collect()
}

#[test]
fn a_domain_in_order_is_told_line_by_line() {
    let ran = check_file(&in_order(), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (std::process::ExitCode::SUCCESS, ""));
    insta::assert_snapshot!(ran.out, @r#"
    ✓ MAIL FROM  bounce.mail.tea.example: MX 10 feedback-smtp.eu-central-1.amazonses.com: bounces come back under your domain (SES in eu-central-1)
    ✓ SPF        bounce.mail.tea.example: "v=spf1 include:amazonses.com ~all": Amazon may send for it; 1 of 10 look-ups
    ✓ DKIM       aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa._domainkey.mail.tea.example: Amazon's key, RSA of 2048 bits: mails are signed as yours
    ✓ DKIM       bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb._domainkey.mail.tea.example: Amazon's key, RSA of 2048 bits: mails are signed as yours
    ✓ DKIM       cccccccccccccccccccccccccccccccc._domainkey.mail.tea.example: Amazon's key, RSA of 2048 bits: mails are signed as yours
    ✓ DMARC      _dmarc.mail.tea.example: p=quarantine: forgeries are kept out
    ✓ ALIGNMENT  mail.tea.example: mails pass by DKIM and by SPF, both for mail.tea.example
    "#);
    insta::assert_snapshot!(check_file(&in_order(), &["--lang", "zh"]).out, @r#"
    ✓ MAIL FROM  bounce.mail.tea.example:MX 10 feedback-smtp.eu-central-1.amazonses.com:退信回到您的域名下(SES 位于 eu-central-1)
    ✓ SPF        bounce.mail.tea.example:"v=spf1 include:amazonses.com ~all":亚马逊可以代为发送;查询 1 / 10 次
    ✓ DKIM       aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa._domainkey.mail.tea.example:亚马逊的密钥,RSA 2048 位:邮件以您的域名签名
    ✓ DKIM       bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb._domainkey.mail.tea.example:亚马逊的密钥,RSA 2048 位:邮件以您的域名签名
    ✓ DKIM       cccccccccccccccccccccccccccccccc._domainkey.mail.tea.example:亚马逊的密钥,RSA 2048 位:邮件以您的域名签名
    ✓ DMARC      _dmarc.mail.tea.example:p=quarantine:伪造邮件会被拦下
    ✓ ALIGNMENT  mail.tea.example:邮件可经 DKIM 和 SPF 通过,两者均对应 mail.tea.example
    "#);
}

#[test]
fn what_is_wrong_is_told_with_the_record_to_publish() {
    let ran = check_file(&in_disorder(), &[]);
    ran.fails(1, &["4 things are wrong"]);
    insta::assert_snapshot!(ran.out, @r#"
    ✗ MAIL FROM  bounce.mail.tea.example: MX 10 mx.tea.example is not SES's. The name must be there for SES alone: take another one, or this MX out
                 publish: bounce.mail.tea.example  MX  10 feedback-smtp.REGION.amazonses.com
    ✗ SPF        bounce.mail.tea.example: 2 SPF records: receivers take that for an error, and none counts. Keep this one alone
                 publish: bounce.mail.tea.example  TXT  v=spf1 include:amazonses.com ~all
    ✗ DKIM       aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa._domainkey.mail.tea.example: the key is empty, which means revoked: mails signed with it fail. Publish the present key, or take the selector out of use
    ✗ DKIM       bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb._domainkey.mail.tea.example: no such record: SES signs no mail without it
                 publish: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb._domainkey.mail.tea.example  CNAME  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.dkim.amazonses.com
    ? DKIM       cccccccccccccccccccccccccccccccc._domainkey.mail.tea.example: the domain's name servers do not answer as they should (SERVFAIL); tell whoever runs its DNS, who should look at the delegation and at DNSSEC
    ! DMARC      _dmarc.mail.tea.example: p=none: receivers watch and let forgeries through. It suffices to begin with; once the reports show your own mails alone, publish p=quarantine
    ! DMARC      _dmarc.mail.tea.example: no address for reports (rua): nobody would see that mails fail. Put in one that you read
                 publish: _dmarc.mail.tea.example  TXT  v=DMARC1; p=none; rua=mailto:dmarc@mail.tea.example
    ? ALIGNMENT  mail.tea.example: whether mails pass cannot be said before DKIM and SPF are known (see above)
    "#);
    let ran = check_file(&in_disorder(), &["--lang", "zh"]);
    ran.fails(1, &["4 项有误"]);
    insta::assert_snapshot!(ran.out, @r#"
    ✗ MAIL FROM  bounce.mail.tea.example:MX 10 mx.tea.example 不属于 SES。该名称须专供 SES 使用:请换一个名称,或删除此 MX
                 发布:bounce.mail.tea.example  MX  10 feedback-smtp.REGION.amazonses.com
    ✗ SPF        bounce.mail.tea.example:有 2 条 SPF 记录:收件方视为错误,全部无效。只保留这一条
                 发布:bounce.mail.tea.example  TXT  v=spf1 include:amazonses.com ~all
    ✗ DKIM       aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa._domainkey.mail.tea.example:密钥为空,表示已吊销:用它签名的邮件验证失败。请发布现用密钥,或停用该选择器
    ✗ DKIM       bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb._domainkey.mail.tea.example:没有此记录:缺少它 SES 不会签名
                 发布:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb._domainkey.mail.tea.example  CNAME  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.dkim.amazonses.com
    ? DKIM       cccccccccccccccccccccccccccccccc._domainkey.mail.tea.example:该域名的服务器应答异常(SERVFAIL);请联系 DNS 管理方检查委派和 DNSSEC
    ! DMARC      _dmarc.mail.tea.example:p=none:收件方只观察,伪造邮件照样放行。起步足够;待报告中只有您自己的邮件后,改为 p=quarantine
    ! DMARC      _dmarc.mail.tea.example:没有报告地址(rua):邮件验证失败也无人知晓。请填入您会查看的地址
                 发布:_dmarc.mail.tea.example  TXT  v=DMARC1; p=none; rua=mailto:dmarc@mail.tea.example
    ? ALIGNMENT  mail.tea.example:DKIM 与 SPF 尚不明确(见上),无法判断邮件能否通过
    "#);
}

#[test]
fn a_program_is_given_stable_words_and_records() {
    let json = check_file(&in_order(), &["--json"]).json();
    let expected = [
        ("mail_from_ok", "ok"),
        ("spf_ok", "ok"),
        ("dkim_ok", "ok"),
        ("dkim_ok", "ok"),
        ("dkim_ok", "ok"),
        ("dmarc_ok", "ok"),
        ("aligned", "ok"),
    ];
    assert_eq!(codes(&json), expected);
    let ran = check_file(&in_disorder(), &["--json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("one object, though it failed");
    assert_eq!((&json["wrong"], &json["unclear"]), (&4.into(), &2.into()));
    insta::assert_json_snapshot!(json["findings"][0], @r#"
    {
      "check": "mail_from",
      "code": "mail_from_not_amazons",
      "found": [
        "10 mx.tea.example"
      ],
      "name": "bounce.mail.tea.example",
      "publish": [
        {
          "name": "bounce.mail.tea.example",
          "type": "MX",
          "value": "10 feedback-smtp.REGION.amazonses.com"
        }
      ],
      "state": "wrong",
      "text": {
        "en": "MX 10 mx.tea.example is not SES's. The name must be there for SES alone: take another one, or this MX out",
        "zh": "MX 10 mx.tea.example 不属于 SES。该名称须专供 SES 使用:请换一个名称,或删除此 MX"
      }
    }
    "#);
}

#[test]
fn nothing_named_says_what_to_set_up_and_what_was_not_looked_at() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("answers.txt"), "_dmarc.mail.tea.example TXT v=DMARC1; p=reject")
        .expect("written");
    let file = dir.path().join("answers.txt");
    let ran = renown(dir.path(), &["domain", "check", DOMAIN, "--answers", arg(&file), "--aws", "us-east-1"]);
    ran.fails(1, &["1 things are not known"]);
    insta::assert_snapshot!(ran.out, @r#"
    ! MAIL FROM  mail.tea.example: not named: unless one is set up, bounces go to Amazon's own name and SPF does not speak for mail.tea.example. Set it up with `aws sesv2 put-email-identity-mail-from-attributes --email-identity mail.tea.example --mail-from-domain bounce.mail.tea.example` and name it here with --mail-from
                 publish: bounce.mail.tea.example  MX  10 feedback-smtp.us-east-1.amazonses.com
                 publish: bounce.mail.tea.example  TXT  v=spf1 include:amazonses.com ~all
    ! DKIM       mail.tea.example: not looked at: name the keys with --selector. `aws sesv2 get-email-identity --email-identity mail.tea.example --query DkimAttributes.Tokens --output text` tells the three words of Easy DKIM
    ✓ DMARC      _dmarc.mail.tea.example: p=reject: forgeries are kept out
    ! DMARC      _dmarc.mail.tea.example: no address for reports (rua): nobody would see that mails fail. Put in one that you read
                 publish: _dmarc.mail.tea.example  TXT  v=DMARC1; p=reject; rua=mailto:dmarc@mail.tea.example
    ? ALIGNMENT  mail.tea.example: whether mails pass cannot be said before DKIM and SPF are known (see above)
    "#);
}

#[test]
fn a_name_server_is_asked_through_aliases_and_where_an_answer_is_too_long_for_one_packet() {
    let dir = tempfile::tempdir().expect("a folder");
    let long = format!("{}{MAIL_FROM} TXT \"{}\"\n", in_order(), "a remark of somebody else ".repeat(80));
    let server = NameServer::telling(&long);
    let json = check(dir.path(), &["--server", server.address(), "--json"]).json();
    assert!(codes(&json).iter().all(|(_, state)| *state == "ok"), "{json}");
    assert!(server.was_asked_by_tcp());
}

#[test]
fn what_is_not_there_is_wrong_and_what_does_not_answer_is_unknown() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = NameServer::telling("");
    let ran = check(dir.path(), &["--server", server.address(), "--json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("one object");
    assert!(codes(&json).iter().all(|(_, state)| *state == "wrong"), "{json}");

    let failing = format!("{MAIL_FROM} MX SERVFAIL\n_dmarc.{DOMAIN} TXT REFUSED\n");
    let server = NameServer::telling(&failing);
    let ran = check(dir.path(), &["--server", server.address()]);
    assert!(ran.out.contains("SERVFAIL") && ran.out.contains("--server"), "{}", ran.out);

    let ran = check(dir.path(), &["--server", NameServer::closed().as_str(), "--lang", "zh"]);
    ran.fails(1, &["项未知"]);
    assert!(ran.out.contains("没有域名服务器应答") && ran.out.contains("--answers"), "{}", ran.out);
}

#[test]
fn what_was_put_wrongly_is_told_with_its_remedy() {
    let dir = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str]| renown(dir.path(), &[&["domain", "check"], args].concat());
    run(&["tea"]).fails(2, &["mail.shop.example"]);
    run(&["茶.example", "--lang", "zh"]).fails(2, &["无效", "xn--"]);
    run(&[DOMAIN, "--mail-from", "bounce.other.example"]).fails(2, &["bounce.mail.tea.example"]);
    run(&[DOMAIN, "--server", "dns.example"]).fails(2, &["1.1.1.1"]);
    run(&[DOMAIN, "--answers", "none.txt"]).fails(1, &["none.txt"]);
    check_file("a.example TXT \"open", &[]).fails(1, &["line 1", "quotation mark"]);
    check_file("a.example TXT \"open", &["--lang", "zh"]).fails(1, &["第 1 行"]);
}
