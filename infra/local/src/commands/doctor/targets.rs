//! Where operators read: does anybody, and do messages arrive?

use jiff::SignedDuration;
use renown_core::notice::Delivery;
use renown_core::say::Text;
use renown_core::text;

use super::{Finding, State};
use crate::desk::Open;

/// What failed since then is told of.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Looks at every target.
///
/// # Errors
///
/// If the table does not answer.
pub(super) async fn of_targets(open: &Open, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    let targets = open.app.ledger.targets().await?;
    let mut add = |state, text| findings.push(Finding { check: "targets", seller: None, state, text });
    if targets.is_empty() {
        add(
            State::Warn,
            text!(
                "nobody is told of unhappy buyers and of the account's health: `renown notify chat` or `renown notify mail` says whom",
                "尚未设置差评与账户状况的通知对象:用 `renown notify chat` 或 `renown notify mail` 添加"
            ),
        );
        return Ok(());
    }
    let told = open.app.ledger.notices().await?;
    for target in &targets {
        let name = &target.name;
        if let Some(Text { en, zh }) = &target.off {
            add(
                State::Wrong,
                text!(
                    "{name}: switched off: {en}; set it anew with `renown notify chat {name}`",
                    "{name}:已停用:{zh};请用 `renown notify chat {name}` 重新设置"
                ),
            );
            continue;
        }
        let failed = told.iter().filter_map(|told| match told.deliveries.get(name) {
            Some(Delivery::Failed { why, at }) if open.now.duration_since(*at) <= LATELY => Some((*at, why)),
            _ => None,
        });
        let failed: Vec<_> = failed.collect();
        let n = failed.len();
        match failed.into_iter().max_by_key(|(at, _)| *at) {
            None => add(State::Ok, text!("{name}: messages arrive", "{name}:消息送达正常")),
            Some((_, Text { en, zh })) => add(
                State::Warn,
                text!(
                    "{name}: {n} messages of the last week did not arrive, the last one: {en}; `renown notify test {name}` tries it",
                    "{name}:近一周有 {n} 条消息未送达,最近一次:{zh};可用 `renown notify test {name}` 测试"
                ),
            ),
        }
    }
    Ok(())
}
