//! `ses-send` on Lambda: each minute, by EventBridge Scheduler.

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use renown_io::app::{self, MailApp};
use renown_io::settings::{MailSettings, Settings};
use serde::de::IgnoredAny;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    renown_io::telemetry::init();
    let settings = Settings::from_env()?;
    let app = MailApp::on_aws(&settings)?;
    let sender = app::sender_on_aws(&settings, MailSettings::from_env()?)?;
    app.warm_up().await;
    lambda_runtime::run(service_fn(|event: LambdaEvent<IgnoredAny>| {
        let (app, sender) = (&app, &sender);
        Box::pin(async move {
            let deadline = Timestamp::try_from(event.context.deadline())?;
            ses_send::handle(app, sender, deadline).await.map_err(lambda_runtime::Error::from)
        })
    }))
    .await
}
