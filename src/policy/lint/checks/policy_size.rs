//! The policy is longer than its quota.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "policy-size",
    severity: Severity::Low,
    title: "The policy is longer than its quota",
    why: "IAM counts characters without white space: 6,144 in a managed policy, 10,240 in all inline policies of a role together, 2,048 in a trust policy. A service control policy may have 5,120, white space among them.",
    help: "Split the policy, or join statements with the same actions or resources.",
    bad: "",
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

use crate::policy::quota::{INLINE_POLICIES_SIZE, MANAGED_POLICY_SIZE};

/// Characters of a trust policy, unless the account's quota was raised.
const TRUST: usize = 2_048;
/// Characters of a service control policy, with white space.
const SERVICE_CONTROL: usize = 5_120;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let (size, limit) = match lint.policy.kind {
        Kind::Identity => (lint.policy.size, MANAGED_POLICY_SIZE),
        Kind::Trust => (lint.policy.size, TRUST),
        Kind::ServiceControl => (lint.policy.whole_size, SERVICE_CONTROL),
        Kind::Resource => return,
    };
    if size <= limit {
        return;
    }
    let what = if lint.policy.kind == Kind::Identity && size <= INLINE_POLICIES_SIZE {
        "it can only be an inline policy of a role".to_owned()
    } else {
        format!("{limit} are allowed")
    };
    report.add(lint.policy.site, format!("the policy has {size} characters: {what}"));
}
