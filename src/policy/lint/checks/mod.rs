//! The checks, one a file. What several of them share stands in `prelude`, `texts` and `values`.

mod action_matches_nothing;
mod admin_access;
mod allow_notaction;
mod allow_notresource;
mod arn_account_not_allowed;
mod arn_region_not_allowed;
mod bucket_name_wildcard;
mod condition_key_not_for_action;
mod create_slr_star;
mod credentials_exposure;
mod data_exfiltration;
mod data_type_mismatch;
mod deny_without_effect;
mod deprecated_condition_key;
mod duplicate_condition_key_case;
mod duplicate_json_key;
mod duplicate_sid;
mod empty_action;
mod empty_resource;
mod empty_sid;
mod forallvalues_absent_key;
mod forallvalues_single_valued;
mod improve_ip_range;
mod invalid_action_format;
mod invalid_arn_account;
mod invalid_arn_prefix;
mod invalid_arn_region;
mod invalid_arn_resource;
mod invalid_arn_service_case;
mod invalid_character;
mod invalid_condition_key_format;
mod invalid_condition_operator;
mod invalid_effect;
mod invalid_partition;
mod invalid_policy_element;
mod invalid_sid;
mod invalid_version;
mod json_syntax;
mod mfa_pattern;
mod missing_action;
mod missing_arn_field;
mod missing_arn_region;
mod missing_effect;
mod missing_qualifier;
mod missing_resource;
mod missing_statement;
mod missing_tag_key;
mod missing_version;
mod multiple_boolean;
mod name_prefix_wildcard;
mod null_with_ifexists;
mod null_with_qualifier;
mod old_version;
mod passrole_notresource;
mod passrole_star;
mod placeholder;
mod policy_size;
mod prelude;
mod private_ip;
mod privilege_escalation;
mod redundant_action;
mod redundant_condition_value;
mod redundant_resource;
mod redundant_statement;
mod resource_effectively_star;
mod resource_exposure;
mod resource_mismatch;
mod resource_star;
mod risks;
mod service_wildcard;
mod statement_never_matches;
mod texts;
mod type_mismatch;
mod type_mismatch_boolean;
mod type_mismatch_date;
mod type_mismatch_ip_range;
mod type_mismatch_number;
mod unknown_action;
mod unknown_global_condition_key;
mod unknown_service;
mod unknown_service_condition_key;
mod unsupported_element_combination;
mod unsupported_principal;
mod values;
mod variable_empty;
mod variable_missing_brace;
mod variable_unknown_key;
mod variable_unsupported_element;
mod variable_unsupported_operator;
mod variable_unsupported_version;
mod variables;
mod wildcard_in_service;
mod wildcard_without_like;

use super::Check;

pub(super) use privilege_escalation::{ID as COMBINATIONS, report as report_combinations};

/// Every check, by id.
pub static CHECKS: &[&Check] = &[
    &action_matches_nothing::CHECK,
    &admin_access::CHECK,
    &allow_notaction::CHECK,
    &allow_notresource::CHECK,
    &arn_account_not_allowed::CHECK,
    &arn_region_not_allowed::CHECK,
    &bucket_name_wildcard::CHECK,
    &condition_key_not_for_action::CHECK,
    &create_slr_star::CHECK,
    &credentials_exposure::CHECK,
    &data_exfiltration::CHECK,
    &data_type_mismatch::CHECK,
    &deny_without_effect::CHECK,
    &deprecated_condition_key::CHECK,
    &duplicate_condition_key_case::CHECK,
    &duplicate_json_key::CHECK,
    &duplicate_sid::CHECK,
    &empty_action::CHECK,
    &empty_resource::CHECK,
    &empty_sid::CHECK,
    &forallvalues_absent_key::CHECK,
    &forallvalues_single_valued::CHECK,
    &improve_ip_range::CHECK,
    &invalid_action_format::CHECK,
    &invalid_arn_account::CHECK,
    &invalid_arn_prefix::CHECK,
    &invalid_arn_region::CHECK,
    &invalid_arn_resource::CHECK,
    &invalid_arn_service_case::CHECK,
    &invalid_character::CHECK,
    &invalid_condition_key_format::CHECK,
    &invalid_condition_operator::CHECK,
    &invalid_effect::CHECK,
    &invalid_partition::CHECK,
    &invalid_policy_element::CHECK,
    &invalid_sid::CHECK,
    &invalid_version::CHECK,
    &json_syntax::CHECK,
    &mfa_pattern::CHECK,
    &missing_action::CHECK,
    &missing_arn_field::CHECK,
    &missing_arn_region::CHECK,
    &missing_effect::CHECK,
    &missing_qualifier::CHECK,
    &missing_resource::CHECK,
    &missing_statement::CHECK,
    &missing_tag_key::CHECK,
    &missing_version::CHECK,
    &multiple_boolean::CHECK,
    &name_prefix_wildcard::CHECK,
    &null_with_ifexists::CHECK,
    &null_with_qualifier::CHECK,
    &old_version::CHECK,
    &passrole_notresource::CHECK,
    &passrole_star::CHECK,
    &placeholder::CHECK,
    &policy_size::CHECK,
    &private_ip::CHECK,
    &privilege_escalation::CHECK,
    &redundant_action::CHECK,
    &redundant_condition_value::CHECK,
    &redundant_resource::CHECK,
    &redundant_statement::CHECK,
    &resource_effectively_star::CHECK,
    &resource_exposure::CHECK,
    &resource_mismatch::CHECK,
    &resource_star::CHECK,
    &service_wildcard::CHECK,
    &statement_never_matches::CHECK,
    &type_mismatch::CHECK,
    &type_mismatch_boolean::CHECK,
    &type_mismatch_date::CHECK,
    &type_mismatch_ip_range::CHECK,
    &type_mismatch_number::CHECK,
    &unknown_action::CHECK,
    &unknown_global_condition_key::CHECK,
    &unknown_service::CHECK,
    &unknown_service_condition_key::CHECK,
    &unsupported_element_combination::CHECK,
    &unsupported_principal::CHECK,
    &variable_empty::CHECK,
    &variable_missing_brace::CHECK,
    &variable_unknown_key::CHECK,
    &variable_unsupported_element::CHECK,
    &variable_unsupported_operator::CHECK,
    &variable_unsupported_version::CHECK,
    &wildcard_in_service::CHECK,
    &wildcard_without_like::CHECK,
];
