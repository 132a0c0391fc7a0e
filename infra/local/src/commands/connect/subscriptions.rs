//! Notifications: Amazon is told where to send them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::spapi::{Caller, NotificationType, QueueArn, SpApi};

use super::step;
use crate::aws::{NOTIFICATIONS, REPORTS, Stack};
use crate::desk::Desk;
use crate::refuse;
use crate::told::Told as _;

/// Which queue each type of notification goes to.
pub(super) type Queues = BTreeMap<NotificationType, QueueArn>;

/// One queue for all.
pub(super) fn all_to(queue: &QueueArn) -> Queues {
    NotificationType::ALL.into_iter().map(|kind| (kind, queue.clone())).collect()
}

/// The queues of a stack: each type goes to the function that reads it.
///
/// # Errors
///
/// If the stack names none, or one that Amazon cannot use.
pub(super) fn of_stack(stack: &Stack) -> anyhow::Result<Queues> {
    let queue = |kind| {
        let use_of = match kind {
            NotificationType::OrderChange | NotificationType::AccountStatusChanged => NOTIFICATIONS,
            NotificationType::ReportProcessingFinished => REPORTS,
        };
        let arn = stack.queues.get(use_of).map_or("", String::as_str);
        Ok((kind, arn.parse()?))
    };
    NotificationType::ALL.into_iter().map(queue).collect()
}

/// Has Amazon send notifications to their queues. What is there already is taken as it is.
///
/// # Errors
///
/// If Amazon refuses a queue or a subscription; what was done before stays.
pub(super) async fn subscribe(
    desk: &mut Desk<'_>,
    spapi: &SpApi,
    caller: &Caller,
    queues: &Queues,
    seller: &mut Seller,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut destinations = BTreeMap::new();
    for queue in queues.values().collect::<BTreeSet<_>>() {
        let name = queue.as_str().rsplit(':').next().unwrap_or("renown");
        let destination = spapi.create_destination(&caller.app(), name, queue).await.told(|| {
            text!(
                "Amazon cannot use the queue {queue}: its policy must let Amazon's account 437568002678 send to it",
                "亚马逊无法使用队列 {queue}:其策略须允许亚马逊账户 437568002678 向它发送"
            )
        })?;
        step(desk, &text!("queue {queue} is known to Amazon", "队列 {queue} 已登记到亚马逊"))?;
        destinations.insert(queue, destination.id);
    }
    seller.subscriptions.clear();
    for (&kind, queue) in queues {
        let (name, version) = (kind.name(), kind.usual_payload_version());
        let destination = &destinations[queue];
        let subscription = spapi
            .create_subscription(caller, kind, destination, &version)
            .await
            .told(|| text!("{name} could not be subscribed to", "无法订阅 {name}"))?;
        if subscription.destination != *destination {
            refuse!(
                "{name} goes to another queue already; end that subscription (`renown disconnect` where it was made) and run this again",
                "{name} 已订阅到另一个队列;请先取消该订阅(在原处执行 `renown disconnect`)后重试"
            );
        }
        seller.subscriptions.push(subscription.id);
        step(desk, &text!("{name}: subscribed", "{name}:已订阅"))?;
    }
    seller.notified_since.get_or_insert(now);
    Ok(())
}
