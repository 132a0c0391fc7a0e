//! Errors of AWS calls in words for an operator.

use aws_sdk_ssm::error::ProvideErrorMetadata;
use renown_core::say::Text;
use renown_core::text;

use crate::told::Trouble;

/// A call that AWS refused or did not answer. `action` is the IAM action, `what` the thing.
pub(super) fn trouble<E>(action: &str, what: &str, error: &E) -> anyhow::Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
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
        None => unreached(action, what, error),
    };
    Trouble::new(said).into()
}

/// The words for a call that AWS did not answer.
fn unreached(action: &str, what: &str, error: &(dyn std::error::Error + 'static)) -> Text {
    let links = std::iter::successors(Some(error), |link| link.source());
    let said: Vec<String> = links.map(ToString::to_string).collect();
    let is_of_credentials = |text: &String| {
        let text = text.to_ascii_lowercase();
        ["credential", "identity", "sso", "profile"].iter().any(|word| text.contains(word))
    };
    if said.iter().any(is_of_credentials) {
        return text!(
            "no AWS credentials that work were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; of SSO: `aws sso login`, then eval \"$(aws configure export-credentials --format env)\"",
            "没有可用的 AWS 凭证:请设置 AWS_PROFILE,或 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY;使用 SSO 时先 `aws sso login`,再执行 eval \"$(aws configure export-credentials --format env)\""
        );
    }
    let why = said.last().map_or("", String::as_str);
    text!(
        "AWS was not reached for {action} on {what} ({why}): check the network and whether that region exists",
        "无法连接 AWS(对 {what} 执行 {action};{why}):请检查网络,并确认该区域存在"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("dispatch failure")]
    struct Dispatch(#[source] std::io::Error);

    #[test]
    fn a_call_without_an_answer_is_told_in_one_sentence() {
        let said = |why: &str| {
            unreached("ssm:GetParameter", "/renown/stack", &Dispatch(std::io::Error::other(why.to_owned())))
        };
        let credentials = said("the credential provider was not enabled");
        assert!(credentials.en.contains("aws sso login") && !credentials.en.contains("dispatch"));
        let network = said("failed to lookup address information");
        assert!(network.en.contains("(failed to lookup address information)"), "{}", network.en);
    }
}
