use super::{OWED, Owed, Stream};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex, split};
use tokio::time::{Instant, timeout};

const PATIENCE: Duration = Duration::from_millis(200);

#[tokio::test]
async fn a_client_that_takes_nothing_is_left() {
    let (client, server) = duplex(64);
    let (mut reader, mut writer) = split(Stream::new(server, PATIENCE, Owed::default()));
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
    let (mut reader, mut writer) = split(Stream::new(server, PATIENCE, Owed::default()));
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

#[tokio::test]
async fn nothing_is_read_while_too_much_is_owed() {
    let (client, server) = duplex(1 << 22);
    let owed = Owed::default();
    let (mut reader, mut writer) = split(Stream::new(server, PATIENCE, owed.clone()));
    let (_client_reader, mut client_writer) = split(client);
    client_writer.write_all(b"more").await.unwrap();
    let answer = vec![0; usize::try_from(OWED).unwrap() + 1];
    owed.add(answer.len());
    let mut bytes = [0; 4];
    let read = timeout(PATIENCE / 2, reader.read_exact(&mut bytes)).await;
    assert!(read.is_err(), "{read:?}");
    let reading = tokio::spawn(async move { reader.read_exact(&mut bytes).await.map(|_| bytes) });
    tokio::task::yield_now().await;
    writer.write_all(&answer).await.unwrap();
    let read = timeout(PATIENCE, reading).await;
    assert_eq!(&read.unwrap().unwrap().unwrap(), b"more");
}
