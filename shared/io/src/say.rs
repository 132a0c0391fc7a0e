//! The errors of this crate in both languages, for whoever shows them to an operator.

use std::error::Error as StdError;

use renown_core::ids::InvalidId;
use renown_core::say::{self, Lang, Text};
use renown_core::text;

use crate::ledger::ReportKind;
use crate::spapi::LoginError;
use crate::{ledger, secrets, spapi};

/// What an operator calls a report.
pub fn report(kind: ReportKind) -> Text {
    match kind {
        ReportKind::AllOrders => text!("All Orders report", "全部订单报告"),
        ReportKind::FbaShipments => text!("FBA shipments report", "FBA 已发货报告"),
        ReportKind::SellerFeedback => text!("seller feedback report", "店铺反馈报告"),
        ReportKind::FbaReturns => text!("FBA returns report", "FBA 退货报告"),
        ReportKind::MerchantReturns => text!("seller-fulfilled returns report", "自发货退货报告"),
        ReportKind::AccountHealth => text!("account health report", "账户状况报告"),
        ReportKind::RepeatPurchase => text!("repeat purchase report", "复购报告"),
    }
}

/// The words for an error of this crate or for an id that is none; `None` for any other. What
/// lies below such an error says nothing more to a person.
pub fn error(link: &(dyn StdError + 'static)) -> Option<Text> {
    if let Some(error) = link.downcast_ref::<spapi::Error>() {
        Some(call(error))
    } else if let Some(error) = link.downcast_ref::<LoginError>() {
        Some(login(error))
    } else if let Some(error) = link.downcast_ref::<secrets::Error>() {
        Some(secret(error))
    } else if let Some(error) = link.downcast_ref::<ledger::Error>() {
        Some(table(error))
    } else {
        let error = link.downcast_ref::<InvalidId>()?;
        let (text, problem) = (error.text(), say::id_problem(Lang::Zh, error.problem()));
        Some(text!("{error}", "{text:?} {problem}"))
    }
}

/// An error of the table in words.
pub fn table(error: &ledger::Error) -> Text {
    use ledger::Error;
    match error {
        Error::Table { operation, .. } => {
            let why = root(error);
            let (zh, why_zh) = (doing(operation), reason(&why));
            text!("the table did not take {operation} ({why})", "数据表{zh}失败:{why_zh}")
        }
        Error::Unreadable { key, problem } => {
            text!("{error}", "数据表中的条目 {key} 无法读取({problem}),已原样保留")
        }
        Error::Contended { key, attempts } => {
            text!("{error}", "条目 {key} 连续 {attempts} 次被其他进程修改;请稍后再试")
        }
    }
}

/// What the table was to do.
fn doing(operation: &str) -> &'static str {
    match operation {
        "counting probes" | "taking a seller out of the probes" => "更新查询计数",
        "deleting an item" => "删除条目",
        "giving a slot back" | "taking a slot" => "更新发送名额",
        "writing an item" => "写入条目",
        other if other.starts_with("listing") => "列出条目",
        _ => "读取",
    }
}

/// Why a call came to nothing, as it is stored, in both languages.
pub fn transport(stored: &str) -> Text {
    Text { en: stored.to_owned(), zh: reason(stored) }
}

/// What others say in English: explained in Chinese as far as it is known, and quoted.
fn reason(said: &str) -> String {
    // What is found first explains best: the causes stand before what follows from them.
    const KNOWN: [(&str, &str); 23] = [
        ("disk is full", "磁盘已满,请清理后再试"),
        ("no space", "磁盘已满,请清理后再试"),
        ("locked", "数据文件正被其他进程占用,请稍后再试"),
        ("readonly", "没有写入数据文件的权限"),
        ("read-only", "没有写入数据文件的权限"),
        ("malformed", "数据文件已损坏,请从副本恢复"),
        ("not a database", "数据文件已损坏,请从副本恢复"),
        ("disk i/o", "读写磁盘出错,请检查磁盘"),
        ("unable to open", "无法打开数据文件,请检查路径和权限"),
        ("accessdenied", "没有访问权限,请检查 IAM 权限"),
        ("not authorized", "没有访问权限,请检查 IAM 权限"),
        ("resourcenotfound", "没有这个数据表,请检查表名和区域"),
        ("throughput", "DynamoDB 限流,请稍后再试"),
        ("throttl", "受到限流,请稍后再试"),
        ("dns", "无法解析主机名,请检查网络"),
        ("certificate", "TLS 证书无法验证,请检查时钟和网络代理"),
        ("no connection to", "无法建立连接,请检查网络"),
        ("timed out", "没有在时限内应答"),
        ("timeout", "没有在时限内应答"),
        ("no time was left", "本次运行的时间已用完,稍后会再试"),
        ("within", "没有在时限内应答"),
        ("connection", "连接中断,请检查网络"),
        ("broke off", "连接中断,请检查网络"),
    ];
    let lower = said.to_lowercase();
    let known = KNOWN.iter().find(|(part, _)| lower.contains(part)).map_or("详情见原文", |(_, words)| words);
    format!("{known}(原文:{said:?})")
}

/// The innermost reason: what lies between is the SDK's wrapping.
fn root(error: &ledger::Error) -> String {
    let mut link: &dyn StdError = error;
    while let Some(below) = link.source() {
        link = below;
    }
    link.to_string()
}

/// An error of Amazon's API in words.
pub fn call(error: &spapi::Error) -> Text {
    use spapi::Error;
    let zh = match error {
        Error::Throttled { operation, retry_in } => {
            format!("{operation} 因该卖家的调用限额需等待 {:.0} 秒", retry_in.as_secs_f32().ceil())
        }
        Error::Denied { operation, seller } => format!(
            "亚马逊拒绝为卖家 {seller} 执行 {operation}:请检查应用的角色({})以及卖家是否已在该区域授权;新增角色后需重新授权",
            operation.roles()
        ),
        Error::GrantRevoked { seller, app, region } => format!(
            "卖家 {seller} 在区域 {region} 不再授权应用 {app}:请在卖家平台重新授权,并用新的 refresh token 重新连接"
        ),
        Error::AppRejected { app } => format!(
            "亚马逊不接受应用 {app} 的密钥:密钥已轮换或已过期(180 天);请从开发者后台取得当前密钥后保存"
        ),
        Error::AppDenied { operation, app } => format!(
            "亚马逊拒绝应用 {app} 自身执行 {operation}:请在开发者后台检查应用的角色(通知需要其中之一)"
        ),
        Error::Conflict { operation, message } => {
            format!("{operation} 与已有的内容冲突:{message:?}")
        }
        Error::Forbidden { operation, message } => format!("亚马逊拒绝了 {operation}:{message:?}"),
        Error::NotFound { operation, message } => format!("{operation} 所指的对象亚马逊不存在:{message:?}"),
        Error::Invalid { operation, message } => {
            format!("亚马逊认为请求 {operation} 有误:{message:?};请反馈此问题")
        }
        Error::NotSent { operation, why } => format!("{operation} 没有发出:{}", reason(why)),
        Error::Unclear { operation, why } => format!("{operation} 的结果不明:{}", reason(why)),
        Error::ClockSkew { by } => {
            format!("本机时钟与亚马逊相差 {} 秒:请先校准时钟(NTP)再请求买家", by.as_secs())
        }
    };
    Text { en: error.to_string(), zh }
}

/// A failed login in words.
pub fn login(error: &LoginError) -> Text {
    let zh = match error {
        LoginError::GrantInvalid => {
            "授权无效或已失效:请在卖家平台重新授权该应用;授权码五分钟内有效且只能使用一次".to_owned()
        }
        LoginError::AppRejected => {
            "亚马逊不接受应用的 ID 和密钥:请从开发者后台重新复制;密钥有效期 180 天".to_owned()
        }
        LoginError::Unavailable { why } => format!("Login with Amazon 没有给出令牌:{}", reason(why)),
    };
    Text { en: error.to_string(), zh }
}

/// A secret that is not at hand, in words.
pub fn secret(error: &secrets::Error) -> Text {
    use secrets::Error;
    let zh = match error {
        Error::NotFound { path } => {
            let seller = secrets::seller_in(path);
            format!(
                "{path} 处没有密钥:`renown connect --seller {seller}` 可存入;仅处于监听模式的卖家需进入运行模式"
            )
        }
        Error::Denied { path, remedy } => format!("无权访问 {path} 处的密钥:{}", remedy.zh),
        Error::NoKey { path, key_file } => format!(
            "{path} 处的密钥已加密,而密钥文件 {} 不存在:请放回该文件,或用 renown.toml 的 key_file 或环境变量 RENOWN_KEY_FILE 指明其位置;卖家也可重新连接(`renown connect`)",
            key_file.display()
        ),
        Error::Unreadable { path } => format!("{path} 处的密钥不是 Renown 的格式:请重新连接该卖家"),
        Error::Unavailable { path, why } => format!("密钥存储没有为 {path} 应答:{}", reason(why)),
    };
    Text { en: error.to_string(), zh }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_own_reason_is_said_without_the_wrapping() {
        let wrapped = ledger::Error::Table {
            operation: "listing orders",
            source: Box::new(std::io::Error::other("the disk is full")),
        };
        let text = error(&wrapped).expect("an error of this crate");
        assert_eq!(text.en, "the table did not take listing orders (the disk is full)");
        assert!(text.zh.contains("the disk is full"), "{}", text.zh);
        assert!(text.zh.starts_with("数据表列出条目失败:磁盘已满"), "{}", text.zh);
        assert_eq!(error(&std::fmt::Error), None);
    }

    #[test]
    fn the_words_of_others_are_explained_in_chinese_and_quoted() {
        let not_sent = |why: &str| {
            let operation =
                spapi::Error::NotSent { operation: spapi::Operation::GetOrder, why: why.to_owned() };
            call(&operation).zh
        };
        assert!(not_sent("no connection to x: refused").contains("无法建立连接"), "a known one");
        let unknown = not_sent("the moon is full");
        assert!(unknown.contains("详情见原文(原文:\"the moon is full\")"), "{unknown}");
    }
}
