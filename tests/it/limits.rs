//! What nobody may hold on to.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::*;

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap()
}

/// Reads until the other side closes; how long that took.
async fn until_closed(stream: &mut TcpStream) -> Duration {
    let started = Instant::now();
    let mut rest = Vec::new();
    // A reset is as good as an end.
    let closed = tokio::time::timeout(Duration::from_secs(45), stream.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "the connection was still open after 45 seconds");
    started.elapsed()
}

#[actix_web::test]
async fn sec_16_a_connection_that_says_nothing_is_closed() {
    let app = TestApp::start().await;
    let mut silent = connect(&app).await;
    assert!(until_closed(&mut silent).await < Duration::from_secs(20));
}

#[actix_web::test]
async fn sec_16_a_second_head_that_never_ends_is_closed() {
    let app = TestApp::start().await;
    let mut slow = connect(&app).await;
    slow.write_all(b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = [0; 1024];
    assert!(slow.read(&mut answer).await.unwrap() > 0);
    slow.write_all(b"GET /sign-in HTTP/1.1\r\nX-Slow: ").await.unwrap();
    assert!(until_closed(&mut slow).await < Duration::from_secs(40));
}
