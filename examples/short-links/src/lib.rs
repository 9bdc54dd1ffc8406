//! Short links: a code for an address, and the codes of an owner.

mod links;
mod table;

pub use links::{Link, Links};
pub use table::TableLinks;

/// The links of this deployment.
pub async fn links() -> impl Links {
    let config = aws_config::load_from_env().await;
    let name = std::env::var("LINKS_TABLE").expect("LINKS_TABLE is set");
    TableLinks::new(aws_sdk_dynamodb::Client::new(&config), name)
}
