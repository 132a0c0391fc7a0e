//! Every reader of what comes from outside on the way of mails, fed with real samples that were
//! changed at random: as JSON, cells and words of templates, and byte by byte.
//!
//! Each reader must end in bounded time and without a panic; what it refuses has a reason; what it
//! takes has the form that the rest relies on. A case is drawn from its number alone.
//!
//! ```text
//! cargo test -p renown-tests --test fuzz                                            # some seconds
//! RENOWN_FUZZ_CASES=1000000 cargo test -p renown-tests --test fuzz -- --nocapture   # more, by hand
//! RENOWN_FIRST_SEED=5000 cargo test -p renown-tests --test fuzz                     # others
//! RENOWN_SEED=123 cargo test -p renown-tests --test fuzz -- links --nocapture       # one again
//! ```

#![expect(clippy::print_stdout, reason = "progress and replay are for whoever runs it")]

mod events;
mod hooks;
mod links;
mod mutate;
mod news;
mod run;
mod samples;
mod shop_file;
mod templates;
