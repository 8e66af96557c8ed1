use super::Stream;
use std::io::ErrorKind;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex, split};
use tokio::time::{Instant, timeout};

const PATIENCE: Duration = Duration::from_millis(200);

#[tokio::test]
async fn a_client_that_takes_nothing_is_left() {
    let (client, server) = duplex(64);
    let (mut reader, mut writer) = split(Stream::new(server, PATIENCE));
    let (_client_reader, mut client_writer) = split(client);
    client_writer.write_all(b"more").await.unwrap();
    let begun = Instant::now();
    let writing = tokio::spawn(async move { writer.write_all(&[0; 1_000]).await });
    tokio::time::sleep(PATIENCE / 4).await;
    // What it sends meanwhile is not read, and then never.
    let mut bytes = [0; 4];
    assert!(
        timeout(PATIENCE / 4, reader.read_exact(&mut bytes))
            .await
            .is_err()
    );
    let error = writing.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(begun.elapsed() >= PATIENCE);
    let error = reader.read_exact(&mut bytes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_client_that_takes_slowly_is_served() {
    let (client, server) = duplex(64);
    let (mut reader, mut writer) = split(Stream::new(server, PATIENCE));
    let (mut client_reader, mut client_writer) = split(client);
    let writing = tokio::spawn(async move { writer.write_all(&[7; 512]).await });
    client_writer.write_all(b"more").await.unwrap();
    let mut taken = [0; 64];
    for _ in 0..8 {
        tokio::time::sleep(PATIENCE / 4).await;
        client_reader.read_exact(&mut taken).await.unwrap();
    }
    writing.await.unwrap().unwrap();
    let mut bytes = [0; 4];
    reader.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"more");
}
