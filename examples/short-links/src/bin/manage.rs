//! Owners add links and list their own.

use lambda_http::{Body, Error, Request, RequestExt, Response, http::Method, run, service_fn};
use short_links::{Link, Links, links};

async fn manage(links: &impl Links, request: Request) -> Result<Response<Body>, Error> {
    let Some(owner) = request.query_string_parameters().first("owner").map(str::to_owned) else {
        return answer(400, "who is the owner?");
    };
    if *request.method() == Method::GET {
        return answer(200, &links.of_owner(&owner).await?.join("\n"));
    }
    let code = request.path_parameters().first("code").unwrap_or_default().to_owned();
    let address = String::from_utf8_lossy(request.body()).into_owned();
    let is_new = links.add(&Link { code, address, owner }).await?;
    if is_new { answer(201, "made") } else { answer(409, "the code is taken") }
}

fn answer(status: u16, text: &str) -> Result<Response<Body>, Error> {
    Ok(Response::builder().status(status).body(text.into())?)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let links = links().await;
    run(service_fn(|request| manage(&links, request))).await
}
