//! Links in a table.

use async_trait::async_trait;
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use lambda_http::Error;

use crate::links::{Link, Links};

/// The index that finds the links of an owner.
const BY_OWNER: &str = "by-owner";

/// Links in a DynamoDB table.
pub struct TableLinks {
    client: Client,
    table: String,
}

impl TableLinks {
    /// Links in the table of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }
}

#[async_trait]
impl Links for TableLinks {
    async fn add(&self, link: &Link) -> Result<bool, Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("code", text(&link.code))
            .item("address", text(&link.address))
            .item("owner", text(&link.owner))
            .condition_expression("attribute_not_exists(code)")
            .send()
            .await;
        match put {
            Ok(_) => Ok(true),
            Err(error) => {
                let error = error.into_service_error();
                if error.is_conditional_check_failed_exception() { Ok(false) } else { Err(error.into()) }
            }
        }
    }

    async fn address(&self, code: &str) -> Result<Option<String>, Error> {
        let found = self.client.get_item().table_name(&self.table).key("code", text(code)).send().await?;
        Ok(found.item.and_then(|item| item.get("address")?.as_s().ok().cloned()))
    }

    async fn of_owner(&self, owner: &str) -> Result<Vec<String>, Error> {
        let mut codes = vec![];
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(BY_OWNER)
            .key_condition_expression("#owner = :owner")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", text(owner))
            .into_paginator()
            .items()
            .send();
        while let Some(item) = items.try_next().await? {
            codes.extend(item.get("code").and_then(|code| code.as_s().ok()).cloned());
        }
        Ok(codes)
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}
