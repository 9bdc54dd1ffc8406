//! What a program asks of links, wherever they are kept.

use async_trait::async_trait;
use lambda_http::Error;

/// A short link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What stands in the short address.
    pub code: String,
    /// Where it leads.
    pub address: String,
    /// Who made it.
    pub owner: String,
}

/// Where links are kept.
#[async_trait]
pub trait Links: Send + Sync {
    /// Keeps a new link; `false` where its code is taken.
    async fn add(&self, link: &Link) -> Result<bool, Error>;

    /// The address behind a code.
    async fn address(&self, code: &str) -> Result<Option<String>, Error>;

    /// The codes of an owner.
    async fn of_owner(&self, owner: &str) -> Result<Vec<String>, Error>;
}
