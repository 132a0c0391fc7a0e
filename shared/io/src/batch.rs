//! Queue batches with partial failure: a record that fails goes back alone.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsMessage};

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Done with, and deleted from the queue.
    Done,
    /// Goes back to the queue, and after some tries to the dead-letter queue.
    Return,
}

/// The answer to a batch.
///
/// # Errors
///
/// The whole batch goes back if a record that must go back has no message id: Lambda could not
/// be told which one it is.
pub fn response(outcomes: &[(&SqsMessage, Disposition)]) -> Result<SqsBatchResponse, NoMessageId> {
    let mut response = SqsBatchResponse::default();
    for (message, disposition) in outcomes {
        if *disposition == Disposition::Return {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier =
                message.message_id.clone().filter(|id| !id.is_empty()).ok_or(NoMessageId)?;
            response.batch_item_failures.push(failure);
        }
    }
    Ok(response)
}

/// A record that must go back has no message id.
#[derive(Debug, thiserror::Error)]
#[error("a queue message without messageId cannot be returned alone; the whole batch goes back")]
pub struct NoMessageId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_records_that_failed_go_back() {
        let message = |id: Option<&str>| {
            let mut message = SqsMessage::default();
            message.message_id = id.map(ToOwned::to_owned);
            message
        };
        let (a, b) = (message(Some("a")), message(Some("b")));
        let answer = response(&[(&a, Disposition::Done), (&b, Disposition::Return)]).expect("ids are there");
        let ids: Vec<_> = answer.batch_item_failures.iter().map(|f| f.item_identifier.as_str()).collect();
        assert_eq!(ids, ["b"]);
        assert!(response(&[(&message(None), Disposition::Return)]).is_err());
        assert!(response(&[(&message(None), Disposition::Done)]).is_ok());
    }
}
