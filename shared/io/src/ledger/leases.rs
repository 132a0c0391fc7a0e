//! Slots of sellers: at most one process works a slot at a time, so that each seller is paced
//! by one process.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use renown_core::ids::SellerId;

use super::item::Key;
use super::{Error, Ledger};

/// Slots there are. Fixed, so that two processes never divide the sellers differently.
pub const SLOTS: u8 = 16;

/// The slot of whoever sends mails: one at a time, so that the account's rate is kept. No seller
/// falls into it.
pub const MAIL_SLOT: u8 = SLOTS;

/// The slot of whoever takes over SES's own list of suppressed addresses.
pub const RECONCILE_SLOT: u8 = SLOTS + 1;

/// A slot that this process holds.
#[derive(Debug)]
pub struct SlotLease {
    slot: u8,
    owner: String,
}

impl SlotLease {
    /// Which slot.
    pub fn slot(&self) -> u8 {
        self.slot
    }
}

fn key(slot: u8) -> Key {
    Key::new("LEASE", format!("SOLICIT#{slot:02}"))
}

/// The slot of a seller.
pub fn slot_of(seller: &SellerId) -> u8 {
    use sha2::{Digest, Sha256};
    Sha256::digest(seller.as_str().as_bytes())[0] % SLOTS
}

impl Ledger {
    /// Takes a slot until `until`, if nobody holds it at `now`.
    pub async fn take_slot(
        &self,
        slot: u8,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<SlotLease>, Error> {
        let owner = self.write_id();
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(key(slot).attributes()))
            .item("owner", AttributeValue::S(owner.clone()))
            .item("until", AttributeValue::N(until.as_millisecond().to_string()))
            .condition_expression("attribute_not_exists(pk) OR #until <= :now OR #owner = :owner")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":now", AttributeValue::N(now.as_millisecond().to_string()))
            .expression_attribute_values(":owner", AttributeValue::S(owner.clone()))
            .send()
            .await;
        match put {
            Ok(_) => Ok(Some(SlotLease { slot, owner })),
            Err(SdkError::ServiceError(e))
                if matches!(e.err(), PutItemError::ConditionalCheckFailedException(_)) =>
            {
                Ok(None)
            }
            Err(error) => Err(Error::table("taking a slot")(error)),
        }
    }

    /// Gives a slot back before its time. If it is no longer ours, nothing happens.
    pub async fn release_slot(&self, lease: SlotLease) -> Result<(), Error> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(lease.slot).attributes()))
            .condition_expression("#owner = :owner")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", AttributeValue::S(lease.owner))
            .send()
            .await;
        match delete {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(e))
                if matches!(e.err(), DeleteItemError::ConditionalCheckFailedException(_)) =>
            {
                Ok(())
            }
            Err(error) => Err(Error::table("giving a slot back")(error)),
        }
    }
}
