//! Log lines: JSON, one per record or decision, with dotted fields; never of a buyer.

use tracing_subscriber::fmt::MakeWriter;

/// Sends log lines to standard output as JSON, as CloudWatch wants them. Later calls change
/// nothing.
pub fn init() {
    init_to(std::io::stdout);
}

/// Sends log lines to `writer`.
pub fn init_to<W>(writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        // CloudWatch stamps each line itself.
        .without_time()
        .with_max_level(tracing::Level::INFO)
        .with_writer(writer)
        .finish();
    // A second subscriber is refused; the first one stays.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
