//! `bounce-handler` on Lambda: events of SES, from their queue.

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{LambdaEvent, service_fn};
use renown_io::app::MailApp;
use renown_io::settings::Settings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    renown_io::telemetry::init();
    let app = MailApp::on_aws(&Settings::from_env()?)?;
    app.warm_up().await;
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| {
        let app = &app;
        // On the heap: nested in the runtime's own it is deeper than the compiler follows.
        let handled = Box::pin(bounce_handler::handle(app, event.payload));
        async move { handled.await.map_err(lambda_runtime::Error::from) }
    }))
    .await
}
