//! What a deployed system alone has: queues that Amazon sends to, dead letters, schedules.

use renown_core::text;

use super::{Finding, State};
use crate::aws::{Aws, Schedule};

/// So many messages wait at most while the functions keep up: a batch is taken in within seconds.
const BACKLOG: u64 = 1_000;

/// Looks at the parts of a stack.
///
/// # Errors
///
/// If AWS refuses or does not answer.
pub(super) async fn of_stack(aws: &Aws, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    let mut add = |check, state, text| findings.push(Finding { check, seller: None, state, text });
    for (name, arn) in &aws.stack.queues {
        match aws.queue(arn).await? {
            None => add(
                "queue",
                State::Wrong,
                text!(
                    "queue {name}: it is gone ({arn}); deploy again (`sam deploy`), then `renown connect` each seller again",
                    "队列 {name}:不存在({arn});请重新部署(`sam deploy`),然后重新 `renown connect` 各卖家"
                ),
            ),
            Some(queue) => {
                if queue.lets_amazon_send {
                    add(
                        "queue_policy",
                        State::Ok,
                        text!("queue {name}: Amazon may send to it", "队列 {name}:亚马逊可以发送"),
                    );
                } else {
                    add(
                        "queue_policy",
                        State::Wrong,
                        text!(
                            "queue {name}: its policy does not let Amazon (account 437568002678) send to it, so no notification arrives; deploy again (`sam deploy`)",
                            "队列 {name}:其策略不允许亚马逊(账户 437568002678)发送,收不到任何通知;请重新部署(`sam deploy`)"
                        ),
                    );
                }
                let waiting = queue.waiting;
                if waiting > BACKLOG {
                    add(
                        "queue_backlog",
                        State::Warn,
                        text!(
                            "queue {name}: {waiting} messages wait; look into the log of the function that reads it",
                            "队列 {name}:有 {waiting} 条消息在等待;请查看读取它的函数的日志"
                        ),
                    );
                }
            }
        }
    }
    for (name, arn) in &aws.stack.dead_letters {
        match aws.queue(arn).await? {
            None => add(
                "dead_letters",
                State::Wrong,
                text!(
                    "dead letters of {name}: their queue is gone ({arn}); deploy again (`sam deploy`)",
                    "{name} 的死信队列不存在({arn});请重新部署(`sam deploy`)"
                ),
            ),
            Some(queue) if queue.waiting == 0 => {
                add("dead_letters", State::Ok, text!("dead letters of {name}: none", "{name} 的死信:无"));
            }
            Some(queue) => {
                let n = queue.waiting;
                add(
                    "dead_letters",
                    State::Warn,
                    text!(
                        "dead letters of {name}: {n}; `renown unread list` says what is wrong with them, `renown unread retry` sends them back; after 14 days they are gone",
                        "{name} 的死信:{n} 条;`renown unread list` 说明原因,`renown unread retry` 送回队列;14 天后将被删除"
                    ),
                );
            }
        }
    }
    for (function, name) in &aws.stack.schedules {
        let (state, text) = match aws.schedule(name).await? {
            Schedule::Enabled => {
                (State::Ok, text!("schedule of {function}: enabled", "{function} 的定时计划:已启用"))
            }
            Schedule::Disabled => (
                State::Wrong,
                text!(
                    "schedule of {function}: switched off, so it does not run; enable {name} in EventBridge Scheduler (a pause is `renown pause`)",
                    "{function} 的定时计划:已停用,该函数不会运行;请在 EventBridge Scheduler 中启用 {name}(暂停请用 `renown pause`)"
                ),
            ),
            Schedule::Missing => (
                State::Wrong,
                text!(
                    "schedule of {function}: {name} is gone, so it does not run; deploy again (`sam deploy`)",
                    "{function} 的定时计划:{name} 不存在,该函数不会运行;请重新部署(`sam deploy`)"
                ),
            ),
        };
        add("schedule", state, text);
    }
    Ok(())
}
