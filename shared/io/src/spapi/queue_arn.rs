//! The address of a queue, as Amazon takes it.

use std::fmt;
use std::str::FromStr;

/// Longest address. Source: Amazon's notifications model.
const MAX_CHARS: usize = 1000;

/// The Amazon Resource Name (ARN) of an SQS queue that notifications can be sent to:
/// `arn:aws:sqs:eu-west-1:123456789012:name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueArn(String);

/// Why a text is not the ARN of such a queue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a queue Amazon can send notifications to: {problem}; write arn:aws:sqs:<region>:<account>:<name>"
)]
pub struct BadQueueArn {
    text: String,
    problem: &'static str,
}

impl QueueArn {
    /// The ARN as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for QueueArn {
    type Err = BadQueueArn;

    fn from_str(text: &str) -> Result<Self, BadQueueArn> {
        // Bounded: the text may be anything.
        let bad = |problem| BadQueueArn { text: text.chars().take(100).collect(), problem };
        if text.chars().count() > MAX_CHARS {
            return Err(bad("it is longer than 1000 characters"));
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(bad("it contains a blank"));
        }
        // The model's pattern knows this one partition of AWS; China's own (aws-cn) is none.
        let Some(rest) = text.strip_prefix("arn:aws:sqs:") else {
            return Err(bad("it does not begin with arn:aws:sqs:"));
        };
        let parts: Vec<&str> = rest.split(':').collect();
        match parts[..] {
            // A queue's name has a dot only before its ending `fifo`.
            [_, _, name] if name.contains('.') => Err(bad("it is a FIFO queue, which Amazon refuses")),
            [region, account, name] if ![region, account, name].contains(&"") => Ok(Self(text.to_owned())),
            _ => Err(bad("it does not consist of region, account and name")),
        }
    }
}

impl fmt::Display for QueueArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_standard_queues_in_the_partition_of_the_model_are_taken() {
        for (text, problem) in [
            ("arn:aws:sqs:eu-west-1:123456789012:orders", None),
            ("arn:aws:sqs:eu-west-1:123456789012:orders.fifo", Some("FIFO")),
            ("arn:aws-cn:sqs:cn-north-1:123456789012:orders", Some("begin")),
            ("arn:aws:sns:eu-west-1:123456789012:orders", Some("begin")),
            ("arn:aws:sqs:eu-west-1:123456789012", Some("consist")),
            ("arn:aws:sqs:eu-west-1::orders", Some("consist")),
            ("arn:aws:sqs:eu-west-1:123456789012:orders:more", Some("consist")),
            ("arn:aws:sqs:eu-west-1:123456789012:my orders", Some("blank")),
            ("https://sqs.eu-west-1.amazonaws.com/123456789012/orders", Some("begin")),
        ] {
            match (text.parse::<QueueArn>(), problem) {
                (Ok(arn), None) => assert_eq!(arn.to_string(), text),
                (Err(error), Some(problem)) => assert!(error.to_string().contains(problem), "{error}"),
                (other, _) => panic!("{text}: {other:?}"),
            }
        }
        let longest = format!("arn:aws:sqs:r:a:{}", "n".repeat(MAX_CHARS - 16));
        assert!(longest.parse::<QueueArn>().is_ok());
        assert!(format!("{longest}n").parse::<QueueArn>().is_err());
    }
}
