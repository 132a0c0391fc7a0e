//! How every process of Renown calls AWS: one HTTP client, one set of time limits.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// How long one attempt at an AWS call may take. Ours: DynamoDB and SSM answer within tens of
/// milliseconds; a connection that hangs is better given up than waited for.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long an AWS call may take with its retries.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);

/// Who calls and from where: what the environment says (on Lambda its role; on a machine the
/// variables `AWS_…` or a profile), in `region` if one is named. Only constructs: no call is made.
pub async fn config(http: &SharedHttpClient, region: Option<&str>) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let mut loader =
        aws_config::defaults(BehaviorVersion::latest()).http_client(http.clone()).timeout_config(timeouts);
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    loader.load().await
}
