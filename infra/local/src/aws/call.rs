//! Errors of AWS calls in words for an operator.

use aws_sdk_ssm::error::{DisplayErrorContext, ProvideErrorMetadata};
use renown_core::text;

use crate::told::Trouble;

/// A call that AWS refused or did not answer. `action` is the IAM action, `what` the thing.
pub(super) fn trouble<E>(action: &str, what: &str, error: &E) -> anyhow::Error
where
    E: ProvideErrorMetadata + std::error::Error,
{
    let said = match error.code() {
        Some(code) if code.contains("AccessDenied") || code.contains("NotAuthorized") => text!(
            "AWS refuses {action} on {what}: give the user or role you work as this right",
            "AWS 拒绝对 {what} 执行 {action}:请授予当前用户或角色该权限"
        ),
        Some(code @ ("ExpiredToken" | "ExpiredTokenException" | "RequestExpired")) => text!(
            "your AWS credentials have expired ({code}): sign in again",
            "AWS 凭证已过期({code}):请重新登录"
        ),
        Some(
            code @ ("UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidSignatureException"),
        ) => {
            text!(
                "AWS does not know these credentials ({code}): check AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                "AWS 不认可这些凭证({code}):请检查 AWS_PROFILE,或 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY"
            )
        }
        Some(code) => {
            text!(
                "AWS refuses {action} on {what} ({code}): run the same command again in a minute; if it stays so, look {code} up in AWS's page on that call",
                "AWS 拒绝对 {what} 执行 {action}({code}):请一分钟后再次运行同一命令;若仍如此,请在该调用的 AWS 文档中查找 {code}"
            )
        }
        // No answer: no credentials that work, or no network.
        None => {
            let why = DisplayErrorContext(error).to_string();
            text!(
                "AWS was not reached for {action} on {what}: check the network, the region and the credentials ({why})",
                "无法连接 AWS(对 {what} 执行 {action}):请检查网络、区域与凭证({why})"
            )
        }
    };
    Trouble::new(said).into()
}
