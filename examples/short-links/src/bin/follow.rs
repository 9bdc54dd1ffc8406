//! Visitors are led to the address behind a code.

use lambda_http::{Body, Error, Request, RequestExt, Response, run, service_fn};
use short_links::{Links, links};

async fn follow(links: &impl Links, request: Request) -> Result<Response<Body>, Error> {
    let code = request.path_parameters().first("code").unwrap_or_default().to_owned();
    Ok(match links.address(&code).await? {
        Some(address) => Response::builder().status(302).header("location", address).body(Body::Empty)?,
        None => Response::builder().status(404).body(Body::Empty)?,
    })
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let links = links().await;
    run(service_fn(|request| follow(&links, request))).await
}
