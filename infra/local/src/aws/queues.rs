//! The queues of a stack: what waits in them, whether Amazon may send to them.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::get_queue_url::GetQueueUrlError;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::Value;

use super::{Aws, call};

/// The account from which Amazon sends notifications. Source: SP-API documentation, "Set up
/// notifications with Amazon SQS".
const AMAZON: &str = "437568002678";
/// What it must be allowed to do. Source: as above.
const WANTED: [&str; 2] = ["sqs:sendmessage", "sqs:getqueueattributes"];

/// How a queue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Messages that wait, about.
    pub waiting: u64,
    /// Its policy lets Amazon send to it.
    pub lets_amazon_send: bool,
}

impl Aws {
    /// Looks at a queue; `None`: there is none of that name.
    ///
    /// # Errors
    ///
    /// If AWS refuses or does not answer.
    pub async fn queue(&self, arn: &str) -> anyhow::Result<Option<Queue>> {
        let client = Client::new(&self.config);
        let name = arn.rsplit(':').next().unwrap_or_default();
        let url = match client.get_queue_url().queue_name(name).send().await {
            Ok(answer) => answer.queue_url.unwrap_or_default(),
            Err(error) if error.as_service_error().is_some_and(GetQueueUrlError::is_queue_does_not_exist) => {
                return Ok(None);
            }
            Err(error) => return Err(call::trouble("sqs:GetQueueUrl", name, &error)),
        };
        let answer = client
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(QueueAttributeName::Policy)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
            .send()
            .await
            .map_err(|error| call::trouble("sqs:GetQueueAttributes", name, &error))?;
        let attributes = answer.attributes.unwrap_or_default();
        let of = |name: QueueAttributeName| attributes.get(&name).map_or("", String::as_str);
        Ok(Some(Queue {
            waiting: of(QueueAttributeName::ApproximateNumberOfMessages).parse().unwrap_or(0),
            lets_amazon_send: lets_amazon_send(of(QueueAttributeName::Policy)),
        }))
    }

    /// Sends the messages of a dead-letter queue back to where they came from; about how many.
    ///
    /// # Errors
    ///
    /// If AWS refuses or does not answer.
    pub async fn redrive(&self, dead_letters: &str) -> anyhow::Result<u64> {
        let waiting = self.queue(dead_letters).await?.map_or(0, |queue| queue.waiting);
        if waiting == 0 {
            return Ok(0);
        }
        Client::new(&self.config)
            .start_message_move_task()
            .source_arn(dead_letters)
            .send()
            .await
            .map_err(|error| call::trouble("sqs:StartMessageMoveTask", dead_letters, &error))?;
        Ok(waiting)
    }
}

/// Whether a queue's policy allows Amazon all it needs.
fn lets_amazon_send(policy: &str) -> bool {
    let Ok(policy) = serde_json::from_str::<Value>(policy) else { return false };
    let allowed: Vec<String> = each(&policy["Statement"])
        .filter(|statement| statement["Effect"] == "Allow")
        .filter(|statement| {
            each(&statement["Principal"]["AWS"])
                .filter_map(Value::as_str)
                .any(|principal| principal == AMAZON || principal == format!("arn:aws:iam::{AMAZON}:root"))
        })
        .flat_map(|statement| each(&statement["Action"]))
        .filter_map(|action| action.as_str().map(str::to_lowercase))
        .collect();
    WANTED.iter().all(|wanted| allowed.iter().any(|action| action == wanted || action == "sqs:*"))
}

/// A policy's member: one value, or several.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(values) => values.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
    .iter()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amazon_needs_both_rights_under_its_own_account() {
        let allow = |principal: Value, action: Value| json!({"Statement": [{"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action}]});
        let root = json!("arn:aws:iam::437568002678:root");
        let both = json!(["sqs:SendMessage", "SQS:GetQueueAttributes"]);
        for good in [
            allow(root.clone(), both.clone()),
            allow(json!(["arn:aws:iam::1:root", "437568002678"]), json!("sqs:*")),
        ] {
            assert!(lets_amazon_send(&good.to_string()), "{good}");
        }
        let mut denied = allow(root.clone(), both.clone());
        denied["Statement"][0]["Effect"] = json!("Deny");
        for bad in [allow(root, json!("sqs:SendMessage")), allow(json!("arn:aws:iam::1:root"), both), denied]
        {
            assert!(!lets_amazon_send(&bad.to_string()), "{bad}");
        }
        assert!(!lets_amazon_send(""));
    }
}
