//! P8 for mails: a stop is a stop.

use jiff::SignedDuration;
use renown_core::control::{Cause, Stop};
use renown_core::ids::ShopId;
use renown_core::mail::MailRules;
use renown_tests::mail::{MailWorld, order};
use renown_tests::sleep;

use crate::start;

/// A shop with 300 mails that are due at once: half a minute's work.
async fn backlog() -> MailWorld {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { reminders: 0, most_of_same_text: 1000, ..MailRules::default() };
    world.add_live_shop("tea", rules).await;
    for n in 0..300 {
        world.hook("tea", &order(&format!("{n}"), &format!("c{n}@x.example"), start())).await;
    }
    sleep(SignedDuration::from_hours(24 * 7 + 1)).await;
    world
}

#[tokio::test(start_paused = true)]
async fn no_mail_leaves_later_than_two_seconds_after_a_pause_is_stored() {
    for (pause_of_everything, after_ms) in [(false, 3_300), (true, 7_900), (false, 12_700)] {
        let world = backlog().await;
        let tea: ShopId = "tea".parse().expect("a shop");
        let operator = async {
            sleep(SignedDuration::from_millis(after_ms)).await;
            let stop = Stop::new(Cause::Person, world.clock.now());
            let change = world.app.ledger.change_control(|control| {
                if pause_of_everything {
                    control.stop = Some(stop.clone());
                } else {
                    control.shops.entry(ShopId::clone(&tea)).or_default().stop = Some(stop.clone());
                }
            });
            change.await.expect("written");
            world.clock.now()
        };
        let (summary, stored) = futures_util::join!(world.tick(), operator);
        let taken = world.ses.taken();
        let late = taken.iter().filter(|mail| mail.at > stored + SignedDuration::from_secs(2)).count();
        assert_eq!(late, 0, "pause stored at {stored}");
        assert!((20..280).contains(&taken.len()), "it was in the midst of its work: {summary:?}");
        assert_eq!(world.tick().await.sent, 0);
        let change = world.app.ledger.change_control(|control| {
            control.stop = None;
            control.shops.entry(ShopId::clone(&tea)).or_default().stop = None;
        });
        change.await.expect("written");
        world.pass(SignedDuration::from_hours(2)).await;
        assert_eq!(world.ses.taken().len(), 300, "the rest goes when the pause is lifted, each once");
    }
}
