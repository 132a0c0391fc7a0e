//! Links of mails: what stands in them opens for the one they were made for, or not at all.

use renown_core::mail::news::email;
use renown_io::mail::{Keys, Purpose};
use renown_io::secrets::Secrets;

use crate::mutate::{bytes, one, text};
use crate::run::{ensure, run};

#[test]
fn links_that_were_changed_open_for_nobody_else() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let keys = runtime.block_on(Keys::read_or_make(&Secrets::in_memory())).expect("made");
    let strangers = runtime.block_on(Keys::read_or_make(&Secrets::in_memory())).expect("made");
    run("links", move |rng| {
        let content = |name: &str| {
            let person = keys.person(&format!("{name}@shop.example"));
            format!("tea|{person}|1001|invitation|1794507691")
        };
        let [ana, bob] = ["ana", "bob"].map(content);
        let token =
            |keys: &Keys, purpose, content: &str| keys.token(purpose, content).expect("random numbers");
        let (hers, his) =
            (token(&keys, Purpose::Unsubscribe, &ana), token(&keys, Purpose::Unsubscribe, &bob));
        let open = |token: &str| keys.open_token(Purpose::Unsubscribe, token);
        ensure(open(&hers).as_ref() == Some(&ana), || "a link does not open".to_owned())?;
        let changed = match rng.u8(..5) {
            0 => text(rng, &hers),
            1 => String::from_utf8_lossy(&bytes(rng, hers.as_bytes())).into_owned(),
            // The head of one, the tail of the other.
            2 => {
                let at = rng.usize(..hers.len().min(his.len()));
                format!("{}{}", &hers[..at], &his[at..])
            }
            3 => token(&strangers, Purpose::Unsubscribe, &bob),
            _ => token(&keys, Purpose::Survey, &bob),
        };
        let opened = open(&changed);
        // Another way to write the same bytes is the same link.
        let (head, tail) = (changed.starts_with("1-"), changed.len() == hers.len());
        let allowed = match &opened {
            None => true,
            Some(content) if *content == ana => head && tail,
            Some(content) => *content == bob && changed == his,
        };
        ensure(allowed, || format!("{changed:?} opens as {opened:?}"))?;
        ensure(keys.open_token(Purpose::Survey, &hers).is_none(), || "a link opens the survey".to_owned())
    });
}

#[test]
fn addresses_that_are_taken_reach_one_mailbox_and_stand_for_one_person() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let keys = runtime.block_on(Keys::read_or_make(&Secrets::in_memory())).expect("made");
    run("addresses", move |rng| {
        let sample = one(rng, &["ana@shop.example", "a.b+c@mail.shop.example", "x@bücher.example"]);
        let Some(taken) = email(&text(rng, sample)) else { return Ok(()) };
        let address = taken.0;
        let is_one =
            !address.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\".contains(c));
        ensure(is_one && address.matches('@').count() == 1, || format!("{address:?} was taken"))?;
        ensure(email(&address).is_some_and(|again| again.0 == address), || {
            format!("{address:?}, not again")
        })?;
        let (upper, blank) = (address.to_uppercase(), format!(" {address}\n"));
        let lower = upper.to_lowercase() == address.to_lowercase();
        ensure(keys.person(&blank) == keys.person(&address), || format!("blanks around {address:?} tell"))?;
        ensure(!lower || keys.person(&upper) == keys.person(&address), || {
            format!("the case of {address:?} tells")
        })
    });
}
