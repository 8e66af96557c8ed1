use super::{Names, body_is_json, guest, host_is_known, length, page};
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use std::net::IpAddr;

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        map.append(
            HeaderName::from_static(name),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    map
}

fn names(names: &[&str]) -> Names {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Names::new(&names)
}

#[test]
fn hosts_are_known_by_name_whatever_the_port() {
    let known = names(&["Node.example", "127.0.0.1", "[::1]"]);
    let is = |host: &str| host_is_known(&headers(&[("host", host)]), &known);
    for host in [
        "node.example",
        "NODE.example:9944",
        "127.0.0.1:1",
        "[::1]:9944",
        "[::1]",
    ] {
        assert!(is(host), "{host}");
    }
    for host in [
        "evil.example",
        "node.example.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.10",
        "[::2]",
        "[::1",
        "",
        "node.example@evil.example",
    ] {
        assert!(!is(host), "{host}");
    }
    assert!(!host_is_known(&headers(&[]), &known));
    let two = headers(&[("host", "node.example"), ("host", "evil.example")]);
    assert!(!host_is_known(&two, &known));
    assert!(host_is_known(
        &headers(&[("host", "any.example")]),
        &names(&["*"])
    ));
}

#[test]
fn pages_are_answered_if_they_are_listed() {
    let known = names(&["https://shop.example"]);
    assert_eq!(page(&headers(&[]), &known), Ok(None));
    let from = headers(&[("origin", "https://shop.example")]);
    assert_eq!(page(&from, &known), Ok(Some("https://shop.example")));
    for origin in ["http://shop.example", "https://shop.example.evil", "null"] {
        assert_eq!(
            page(&headers(&[("origin", origin)]), &known),
            Err(()),
            "{origin}"
        );
    }
}

#[test]
fn bodies_are_json_as_they_stand() {
    let is = |lines: &[(&'static str, &str)]| body_is_json(&headers(lines));
    assert!(is(&[("content-type", "application/json")]));
    assert!(is(&[("content-type", "Application/JSON; charset=UTF-8")]));
    assert!(is(&[
        ("content-type", "application/json"),
        ("content-encoding", "identity")
    ]));
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "",
    ] {
        assert!(!is(&[("content-type", kind)]), "{kind}");
    }
    assert!(!is(&[]));
    assert!(!is(&[
        ("content-type", "application/json"),
        ("content-encoding", "gzip")
    ]));
    assert!(!is(&[
        ("content-type", "application/json"),
        ("content-type", "text/plain")
    ]));
}

#[test]
fn a_length_is_read_if_it_is_one() {
    assert_eq!(length(&headers(&[("content-length", "12")])), Some(12));
    assert_eq!(length(&headers(&[])), None);
    assert_eq!(length(&headers(&[("content-length", "-1")])), None);
}

#[test]
fn no_forwarded_address_is_believed_unless_its_proxy_is_listed() {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    let proxy = ip("10.0.0.1");
    let named = headers(&[("x-forwarded-for", "203.0.113.9, 192.0.2.7, 10.0.0.2")]);
    assert_eq!(guest(&named, proxy, &[]), proxy);
    assert_eq!(
        guest(&named, ip("198.51.100.1"), &[proxy]),
        ip("198.51.100.1")
    );
    let both = [proxy, ip("10.0.0.2")];
    // What a client wrote itself stands first; the last that is no proxy's is whom the proxy saw.
    assert_eq!(guest(&named, proxy, &both), ip("192.0.2.7"));
    assert_eq!(guest(&headers(&[]), proxy, &both), proxy);
    let forged = headers(&[("x-forwarded-for", "203.0.113.9, nonsense, 10.0.0.2")]);
    assert_eq!(guest(&forged, proxy, &both), proxy);
}
