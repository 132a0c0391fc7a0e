//! Simplified Chinese.

use super::Word;
use crate::control::Cause;
use crate::delivery::{Confidence, Source};
use crate::ids::IdProblem;
use crate::order::{Expired, FulfillmentChannel, Held, NotYet, OrderStatus, Parcels, Refused, Skipped, Step};
use crate::overview::Group;
use crate::policy::timing::Wait;
use crate::reports::{BadRow, FileError, Problem, Remedy};

pub(super) fn step(step: Step) -> &'static str {
    match step {
        Step::FirstNotified => "首次从通知中得知",
        Step::FirstReported => "首次从报告中得知:本应先到的通知没有到",
        Step::FirstImported => "首次从导入或回补中得知",
        Step::Planned => "已排定日期",
        Step::LookedUp => "已查询包裹和商品",
        Step::NothingOffered => "亚马逊未提供请求入口,次日再试",
        Step::Claimed => "已取得一次调用的权利",
        Step::Accepted => "亚马逊已接受请求",
        Step::Throttled => "亚马逊限流,请求未被处理,稍后再发",
        Step::NotSent => "请求没有发出",
        Step::Unclear => "没有收到结果;改为向亚马逊查询,不会重复请求",
        Step::ClaimLost => "执行请求的进程已中断;向亚马逊查询结果",
        Step::StillOffered => "亚马逊仍提供请求入口:上次请求未被处理",
        Step::Gone => "亚马逊不再提供请求入口:上次请求很可能已被处理",
        Step::AmazonRefused => "亚马逊拒绝",
        Step::TooEarly => "亚马逊表示为时过早",
        Step::Held => "暂缓,等待人工查看",
        Step::Released => "已由人工放行",
        Step::Hastened => "人工要求在窗口允许时尽快请求",
        Step::Ended => "结束",
        Step::Reopened => "新的证据使其重新打开",
    }
}

pub(super) fn group(group: Group) -> &'static str {
    match group {
        Group::Asked => "已请求",
        Group::Skipped => "跳过",
        Group::Expired => "过期",
        Group::Refused => "被拒",
        Group::Open => "进行中",
    }
}

pub(super) fn not_yet(why: NotYet) -> &'static str {
    match why {
        NotYet::NotShipped => "尚未发货",
        NotYet::PartlyShipped => "仅部分发货",
        NotYet::NoMarketplace => "站点未知,下一份订单报告会说明",
        NotYet::NoDeliveryEvidence => "已发货,但尚无送达时间的依据",
    }
}

pub(super) fn skipped(why: Skipped) -> &'static str {
    match why {
        Skipped::Cancelled => "订单已取消",
        Skipped::Unfulfillable => "亚马逊无法履行该订单",
        Skipped::Replacement => "这是先前订单的补发或换货",
        Skipped::NotAmazon => "不是在亚马逊上下的订单",
        Skipped::RuleSku => "规则排除了该 SKU",
        Skipped::RuleAsin => "规则排除了该 ASIN",
        Skipped::RuleChannel => "规则排除了该配送方式",
        Skipped::RuleProgram => "规则排除了该计划",
        Skipped::NeverOwnOrder => "永不请求:自己的订单",
        Skipped::NeverLegal => "永不请求:法律要求",
        Skipped::NeverContact => "永不请求:买家不希望被联系",
        Skipped::OtherSeller => "已在另一个卖家 ID 下请求或标记为永不请求:同一亚马逊账户在此出现了两次",
        Skipped::Erased => "已抹除:除此标记外不保留任何内容,以确保不会再次请求",
    }
}

pub(super) fn refused(why: Refused) -> &'static str {
    match why {
        Refused::NotAvailable => "亚马逊表示该订单不可请求(已在别处请求,或买家已退订)",
        Refused::NotFound => "亚马逊查无此订单",
    }
}

pub(super) fn expired(why: Expired) -> &'static str {
    match why {
        Expired::SeenTooLate => "首次得知时窗口已关闭",
        Expired::WindowClosed => "等待期间窗口已关闭",
        Expired::NothingOffered => "窗口内亚马逊每天都未提供请求入口(已在别处请求、买家退订或不符合条件)",
        Expired::NotDelivered => "包裹在窗口内没有送达",
        Expired::AmazonSaysOver => "亚马逊表示窗口已结束",
        Expired::NoDaytime => "窗口内已没有白天时段",
        Expired::OutcomeUnknown => "结果不明的请求在窗口关闭前未能查清",
        Expired::Listening => "窗口关闭时店铺仍处于监听模式",
    }
}

pub(super) fn held(why: Held) -> &'static str {
    match why {
        Held::UnknownRefusal => "亚马逊以未知的文字拒绝",
        Held::InvalidRequest => "亚马逊表示请求格式有误",
    }
}

pub(super) fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Person => "已由人工暂停;需要时请恢复",
        Cause::Access => "亚马逊拒绝访问;请检查应用的角色和密钥,重新授权后恢复",
        Cause::AccountStatus => "亚马逊对该账户发出警告;请在卖家平台查看账户状况,之后恢复",
        Cause::Bounces => "退信过多;请检查地址来源,去除无效地址后恢复",
        Cause::Complaints => "被标为垃圾邮件过多;请检查收件人的同意与邮件内容后恢复",
        Cause::AmazonOutage => "亚马逊提供的请求入口远少于平常,很可能是亚马逊的故障;恢复后自动解除",
    }
}

pub(super) fn wait(why: Wait) -> &'static str {
    match why {
        Wait::LaterDate => "新的依据或规则给出了更晚的日期",
        Wait::Night => "买家所在地是夜间",
        Wait::ParcelUnderway => "包裹仍在途中",
        Wait::NotInShare => "不在先行的份额之内",
        Wait::NothingOffered => "亚马逊未提供请求入口,次日再试",
    }
}

pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::EasyShip => "Easy Ship 已送达",
        Source::Scan => "全部包裹扫描为已送达",
        Source::EstimatedArrival => "亚马逊的预计到达时间",
        Source::Promise => "向买家承诺的日期",
        Source::Transit => "首次见到发货的时间加上通常的在途天数",
    }
}

pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "低",
        Confidence::Medium => "中",
        Confidence::High => "高",
    }
}

pub(super) fn status(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::PendingAvailability => "预售待发布",
        OrderStatus::Pending => "待付款确认",
        OrderStatus::Unshipped => "未发货",
        OrderStatus::PartiallyShipped => "部分发货",
        OrderStatus::InvoiceUnconfirmed => "已发货,发票待确认",
        OrderStatus::Shipped => "已发货",
        OrderStatus::Unfulfillable => "无法履行",
        OrderStatus::Cancelled => "已取消",
    }
}

pub(super) fn channel(channel: FulfillmentChannel) -> &'static str {
    match channel {
        FulfillmentChannel::Amazon => "亚马逊配送",
        FulfillmentChannel::Merchant => "卖家自配送",
    }
}

pub(super) fn parcels(parcels: Parcels) -> &'static str {
    match parcels {
        Parcels::NoScans => "没有包裹扫描记录",
        Parcels::Underway => "有包裹仍在途中",
        Parcels::Undeliverable => "有包裹无法投递",
        Parcels::Delivered => "全部包裹已送达",
    }
}

/// Words that Renown itself stores beside a step.
pub(super) fn detail(stored: &str) -> Option<&'static str> {
    Some(match stored {
        "not available" => "该订单不可请求",
        "not available, after a call of unknown outcome" => "该订单不可请求,此前有一次结果不明的请求",
        "outside the 5-30 days" => "不在 5–30 天之内",
        "404" => "查无此订单",
        "Amazon denies access" => "亚马逊拒绝访问",
        "the permission had grown old" => "许可已过时",
        "the lease had run out" => "租约已到期",
        "it could not be sent" => "无法发出",
        "this machine's clock is wrong" => "本机时钟不准",
        _ => return None,
    })
}

pub(super) fn row_problem(problem: &Problem) -> String {
    match problem {
        Problem::NotUnderstood { shown } => format!("无法理解 {shown}"),
        Problem::Empty => "为空".to_owned(),
        Problem::EndsBefore => "该行在此列之前就结束了".to_owned(),
        Problem::FieldCount { in_line, in_header } => {
            format!("该行有 {in_line} 个字段,而表头有 {in_header} 个")
        }
        Problem::CutOff => "文件在该行中间中断".to_owned(),
        Problem::InFuture { at } => format!("{at} 尚未到来"),
        Problem::NoArrival { arrival, shipped } => {
            format!("{arrival} 不可能是 {shipped} 发货的包裹的到达时间")
        }
        Problem::TooLong => format!("该行超过 {} KiB", Problem::LONGEST_KIB),
    }
}

pub(super) fn row_remedy(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::OrderId => "订单号的格式是 123-1234567-1234567;可能被电子表格改动过",
        Remedy::Time => {
            "时间的格式是 2026-10-05T08:12:33+00:00;可能被电子表格改动过:请使用下载后未经改动的文件"
        }
        Remedy::Date => "日期的格式是 05-Oct-2026;可能被电子表格改动过:请使用下载后未经改动的文件",
        Remedy::Status => "此版本不认识该状态;请更新 Renown 或反馈给我们,下一份报告会再次读到该订单",
        Remedy::Channel => "应为 Amazon 或 Merchant;请更新 Renown 或反馈新的取值",
        Remedy::SalesChannel => "此列写明在哪里下单,例如 Amazon.com",
        Remedy::Sku => "SKU 最多 128 个字符,且不含控制字符",
        Remedy::Asin => "ASIN 由十个字母和数字组成",
        Remedy::Units => "应为整数件数",
        Remedy::Rating => "评分应为 1 到 5 的整数",
        Remedy::YesOrNo => "应为 Y 或 N;请更新 Renown 或反馈新的取值",
        Remedy::UnknownChannel => "此版本不认识该名称的站点;请更新 Renown 或反馈给我们,然后再次导入该文件",
        Remedy::Future => "请检查本机时钟;若时钟无误,则日期可能被电子表格改动过:请使用下载后未经改动的文件",
        Remedy::Arrival => "该行其余内容已读取;日期可能被电子表格改动过:请使用下载后未经改动的文件",
        Remedy::CutOff => "其上各行均已读取;该行及其后的内容请重新下载报告",
        Remedy::Shifted => "商品名称或评论中的制表符或换行会使整行错位;请改正该行,或重新下载报告",
        Remedy::TooLong => "请确认文件是以制表符分隔的文本,且未经压缩",
    }
}

pub(super) fn bad_row(bad: &BadRow) -> String {
    let column = bad.column.map_or_else(String::new, |column| format!("、{column} 列"));
    let (problem, remedy) = (row_problem(&bad.problem), row_remedy(bad.remedy));
    format!("第 {} 行{column}:{problem};{remedy}", bad.line)
}

pub(super) fn file_error(error: &FileError) -> String {
    match error {
        FileError::MissingColumns { file, expected, missing } => format!(
            "{file} 不是 {expected} 文件:首行缺少 {};请重新下载该报告,保存为以制表符分隔的文本并保留表头",
            missing.join("、")
        ),
        FileError::DuplicateColumn { file, expected, column } => format!(
            "{file} 中 {column} 列出现了不止一次,而 {expected} 文件只有一次:请删除多余的一列,或重新下载报告"
        ),
        FileError::OtherColumns { file, expected, n_columns, fewest, most } => format!(
            "{file} 不是 {expected} 文件:首行有 {n_columns} 列,而此类文件有 {fewest} 至 {most} 列;请重新下载该报告,保存为以制表符分隔的文本并保留表头"
        ),
        FileError::Empty { file, expected } => {
            format!("{file} 是空的;{expected} 文件的首行应是列名:请重新下载")
        }
    }
}

pub(super) fn id_problem(problem: IdProblem) -> &'static str {
    match problem {
        IdProblem::Empty => "为空",
        IdProblem::TooLong => "超过 128 个字符",
        IdProblem::Control => "含有控制字符",
        IdProblem::NoWord => "含有空格、'#' 或非 ASCII 字符",
        IdProblem::NoOrderId => "不是 123-1234567-1234567 的格式",
        IdProblem::NoShopId => "须由小写字母、数字和 '-' 组成,最多 32 位",
        IdProblem::NoShopOrder => "须由字母、数字、'-' 和 '_' 组成,最多 64 位",
        IdProblem::NoPerson => "不是 32 位十六进制数",
        IdProblem::UnknownMarketplace => "不是此版本认识的站点 ID",
    }
}

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Order | Word::Orders => "订单",
        Word::State => "状态",
        Word::Why => "原因",
        Word::Delivery => "送达",
        Word::Window => "窗口",
        Word::Facts => "事实",
        Word::Story => "经过",
        Word::Bought => "下单",
        Word::Shipped => "发货",
        Word::Promised => "承诺送达",
        Word::ExpectedArrival => "预计到达",
        Word::Delivered => "见到送达",
        Word::Items => "商品",
        Word::Programs => "计划",
        Word::RulesVersion => "规则版本",
        Word::DefaultRules => "默认规则",
        Word::TestArm => "测试组",
        Word::Confidence => "可信度",
        Word::Times => "次",
        Word::LastOn => "最近",
        Word::Unknown => "未知",
        Word::DaysAhead => "未来几天",
        Word::Due => "到期",
        Word::WillAsk => "将请求",
        Word::Capacity => "容量",
        Word::WillNotFit => "轮到之前窗口就会关闭",
        Word::Presumed => "推定",
        Word::Listening => "监听",
        Word::Live => "运行",
        Word::Stopped => "已停止",
        Word::More => "更多",
        Word::New => "新增",
        Word::Violations => "模拟器判定的违规",
        Word::AskedTwice => "亚马逊接受之后又重复的请求",
        Word::Gaps => "本应有通知、却由报告发现",
        Word::AsOf => "数据截至",
        Word::Hours => "小时",
        Word::Every => "每",
        Word::Unread => "无法读取、连同原因保留的输入",
        Word::NoSeller => "没有卖家:`renown connect` 可连接,`renown import` 可在不连接时读取文件",
        Word::Total => "合计",
        Word::DueToday => "今日到期",
        Word::Today => "今日",
        Word::Held => "暂缓",
        Word::Problems => "问题",
        Word::Unreadable => "数据表中无法读取、未计入合计的条目",
        Word::OpenCases => "个未结工单(不满买家与账户);`renown cases list` 查看",
        Word::ReasonAccepted => "亚马逊已接受请求",
        Word::ReasonPresumed => "没有回复确认,但请求入口当即、一小时后和次日都已消失",
        Word::ReasonPlanned => "已排定日期",
        Word::ReasonDue => "时间已到",
        Word::ReasonPaused => "等待中:店铺、站点或全部已停止",
        Word::ReasonBeingAsked => "正在请求",
        Word::ReasonOutcomeUnknown => "没有收到请求的结果,将向亚马逊查询",
        Word::ReasonHeld => "需要人工查看",
        Word::ReasonWouldHaveAsked => "时间已到;店铺处于监听模式,不会发送",
        Word::ReasonNothingOfferedYet => "亚马逊至今未提供请求入口",
        Word::ReasonNotInShare => "不在先行的份额之内",
    }
}
