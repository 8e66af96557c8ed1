use super::{Engine, Loaded, LogFormat, SETTINGS, Settings, Source, template};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

fn environment(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    let owned = |(name, value): &(&str, &str)| (OsString::from(name), OsString::from(value));
    pairs.iter().map(owned).collect()
}

fn read(
    text: &str,
    variables: &[(&str, &str)],
    options: &[(&'static str, &str, &str)],
) -> (Result<Loaded, String>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("marque.toml");
    std::fs::write(&file, text).unwrap();
    let loaded = Loaded::read(&file, environment(variables), options);
    let within = format!("{}/", folder.path().display());
    let loaded = loaded.map_err(|failure| failure.to_string().replace(&within, ""));
    (loaded, folder)
}

fn good(text: &str) -> Settings {
    read(text, &[], &[])
        .0
        .unwrap_or_else(|wrong| panic!("{wrong}"))
        .settings
}

fn wrong(text: &str) -> String {
    match read(text, &[], &[]).0 {
        Ok(_) => panic!("taken: {text}"),
        Err(wrong) => wrong,
    }
}

#[test]
fn the_written_file_says_every_default_and_changes_none() {
    let defaults = Settings::default();
    let written = template(&defaults);
    let plain = good(&written);
    // Every default that is commented out, set as it stands.
    let uncommented: String = written
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if is_value(rest) => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let (set, folder) = read(&uncommented, &[], &[]);
    let mut set = set.unwrap_or_else(|wrong| panic!("{wrong}"));
    for setting in SETTINGS {
        let line = set.sources.get(setting.key);
        let has_default = (setting.place)(&mut defaults.clone())
            .shown(&setting.kind)
            .is_some();
        assert_eq!(line.is_some(), has_default, "{}", setting.key);
        assert!(setting.words.ends_with(['.', '"']), "{}", setting.key);
    }
    let within = folder.path().to_owned();
    for path in [
        &mut set.settings.data,
        &mut set.settings.genesis,
        &mut set.settings.admin.token_file,
    ] {
        *path = path.strip_prefix(&within).unwrap().to_owned();
    }
    let text = |settings: &Settings| format!("{:?}{:?}", settings.rpc, settings.chain);
    assert_eq!(text(&set.settings), text(&defaults));
    assert_eq!(text(&plain), text(&defaults));
    assert_eq!(set.settings.store.cache_bytes, defaults.store.cache_bytes);
    assert_eq!(set.settings.data, defaults.data);
    assert_eq!(set.settings.admin, defaults.admin);
    assert_eq!(set.settings.log_level, defaults.log_level);
}

/// Whether a comment is a setting taken out of force.
fn is_value(line: &str) -> bool {
    let known = |key: &str| SETTINGS.iter().any(|setting| setting.parts().1 == key);
    line.split_once(" = ").is_some_and(|(key, _)| known(key)) && !line.ends_with("\"…\"")
}

#[test]
fn the_environment_goes_before_the_file_and_options_before_both() {
    let text = "data = \"here\"\n[rpc]\nconnections = 10\nbatch = 20\nsubscriptions = 30\n";
    let variables = [
        ("MARQUE_RPC_BATCH", "21"),
        ("MARQUE_RPC_SUBSCRIPTIONS", "31"),
        // Those of other commands.
        ("MARQUE_RPC", "http://127.0.0.1:9944"),
        ("MARQUE_FROM", "alice"),
        ("PATH", "/bin"),
    ];
    let options = [
        ("--set", "rpc.subscriptions", "32"),
        ("--data", "data", "there"),
    ];
    let (loaded, folder) = read(text, &variables, &options);
    let loaded = loaded.unwrap_or_else(|wrong| panic!("{wrong}"));
    let rpc = &loaded.settings.rpc;
    assert_eq!(
        (rpc.connections, rpc.batch, rpc.subscriptions),
        (10, 21, 32)
    );
    // A path of an option is one of who typed it; those of the file are beside it.
    assert_eq!(loaded.settings.data, Path::new("there"));
    assert_eq!(loaded.settings.genesis, folder.path().join("genesis.json"));
    let source = |key: &str| loaded.sources[key].clone();
    assert_eq!(
        source("rpc.connections"),
        Source::Line(folder.path().join("marque.toml"), 3)
    );
    assert_eq!(
        source("rpc.batch"),
        Source::Variable("MARQUE_RPC_BATCH".into())
    );
    assert_eq!(source("rpc.subscriptions"), Source::Option("--set"));
    assert!(!loaded.sources.contains_key("rpc.request"));
}

#[test]
fn values_have_units_where_a_number_alone_would_be_unclear() {
    let settings = good(
        "[store]\ncache = \"1 GiB\"\nengine = \"redb\"\n[rpc]\nrequest = 65536\nresponse = \"2MiB\"\n\
         receipt_patience = \"2 min\"\nlisten = \"[::1]:0\"\n[pool]\npatience = \"1500 ms\"\n\
         [log]\nformat = \"json\"\nlevel = \"warn,marque_chain=debug\"\n",
    );
    assert_eq!(settings.store.cache_bytes, 1 << 30);
    assert_eq!(
        (settings.rpc.request_bytes, settings.rpc.response_bytes),
        (65_536, 2 << 20)
    );
    assert_eq!(settings.rpc.receipt_patience, Duration::from_secs(120));
    assert_eq!(settings.chain.pool.patience, 1_500);
    assert_eq!(
        (settings.engine, settings.log_format),
        (Engine::Redb, LogFormat::Json)
    );
    assert_eq!(settings.rpc.address, "[::1]:0".parse().unwrap());
    let settings = good(
        "[rpc]\nhosts = [\"a.example\", \"b.example\"]\nproxies = []\n[admin]\nlisten = \"127.0.0.1:0\"\n",
    );
    assert_eq!(settings.rpc.hosts, ["a.example", "b.example"]);
    assert!(settings.rpc.proxies.is_empty());
    assert_eq!(settings.admin.listen, Some("127.0.0.1:0".parse().unwrap()));
}

/// What is wrong, word for word: these sentences are what an operator has.
#[test]
fn what_is_wrong_is_said_with_its_line_and_what_is_allowed() {
    for (text, said) in [
        (
            "[block]\n\nsize = 1\n",
            "marque.toml:3: block.size is no setting; [block] has transactions, bytes",
        ),
        (
            "dta = \"x\"\n",
            "marque.toml:1: dta is no setting; there are data, genesis, and in sections [validator], [store], \
             [rpc], [admin], [pool], [block], [contracts], [log]",
        ),
        (
            "[rcp]\nlisten = \"127.0.0.1:1\"\n",
            "marque.toml:2: rcp.listen is no setting; there are data, genesis, and in sections [validator], \
             [store], [rpc], [admin], [pool], [block], [contracts], [log]",
        ),
        (
            "[rpc]\nlisten = \"localhost\"\n",
            "marque.toml:2: rpc.listen is \"localhost\", and it must be an address and a port such as \
             \"127.0.0.1:9944\" or \"[::1]:9944\"",
        ),
        (
            "[rpc]\nconnections = 0\n",
            "marque.toml:2: rpc.connections is \"0\", and it must be a number from 1 to 1000000",
        ),
        (
            "[rpc]\nconnections = -1\n",
            "marque.toml:2: rpc.connections is \"-1\", and it must be a number from 1 to 1000000",
        ),
        (
            "[rpc]\nconnections = 1.5\n",
            "marque.toml:2: rpc.connections is \"1.5\", and it must be a number from 1 to 1000000",
        ),
        (
            "[store]\ncache = \"18446744073709551615 GiB\"\n",
            "marque.toml:2: store.cache is \"18446744073709551615 GiB\", and it must be an amount of bytes such as \
             \"4 MiB\", from 1 MiB to 1024 GiB",
        ),
        (
            "[pool]\npatience = 60\n",
            "marque.toml:2: pool.patience is \"60\", and it must be a time such as \"30 s\", from 1 s to 24 h",
        ),
        (
            "[log]\nformat = \"xml\"\n",
            "marque.toml:2: log.format is \"xml\", and it must be \"text\" or \"json\"",
        ),
        (
            "[store]\nengine = \"leveldb\"\n",
            "marque.toml:2: store.engine is \"leveldb\", and it must be \"redb\" or \"sled\"",
        ),
        (
            "[log]\nlevel = \"loud=very\"\n",
            "marque.toml:2: log.level is \"loud=very\", and it must be error, warn, info, debug or trace, or parts \
             with levels of their own such as \"info,marque_chain=debug\"",
        ),
        (
            "data = [\"a\", 1]\n",
            "marque.toml:1: data is a list of other things, and it must be a text, a number or a list of texts",
        ),
        (
            "[rpc]\nproxies = [\"10.0.0.7\", \"proxy.example\"]\n",
            "marque.toml:2: rpc.proxies is \"10.0.0.7,proxy.example\", and it must be a list of addresses without \
             ports, such as [\"10.0.0.7\"]",
        ),
        (
            "[rpc]\nbatch = 1\nbatch = 2\n",
            "marque.toml:3: this is no TOML: duplicate key",
        ),
    ] {
        assert_eq!(wrong(text), said, "{text}");
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let variables = [
        ("MARQUE_RPC_LISTN", "127.0.0.1:1"),
        ("MARQUE_LOG_FORMAT", "xml"),
    ];
    let options = [("--set", "pool.size", "1")];
    let (loaded, _folder) = read("[rpc]\nbatch = 0\nconnections = 0\n", &variables, &options);
    let Err(said) = loaded else {
        panic!("taken");
    };
    let lines: Vec<&str> = said.lines().collect();
    let begin = [
        "MARQUE_RPC_LISTN: this is no setting; there are MARQUE_RPC_LISTEN, MARQUE_RPC_HOSTS,",
        "marque.toml:2: rpc.batch is \"0\"",
        "marque.toml:3: rpc.connections is \"0\"",
        "MARQUE_LOG_FORMAT: log.format is \"xml\"",
        "--set: pool.size is no setting; [pool] has transactions,",
    ];
    assert_eq!(lines.len(), begin.len(), "{said}");
    for begin in begin {
        assert!(
            lines.iter().any(|line| line.starts_with(begin)),
            "{begin} in {said}"
        );
    }
}

#[test]
fn every_name_is_one_settings_alone() {
    let mut variables: Vec<String> = SETTINGS.iter().map(super::Setting::variable).collect();
    variables.sort();
    variables.dedup();
    assert_eq!(variables.len(), SETTINGS.len());
    // What other commands read from the environment is no setting of a node.
    for name in [
        "MARQUE_RPC",
        "MARQUE_FROM",
        "MARQUE_KEYS",
        "MARQUE_LOG",
        "MARQUE_CONFIG",
    ] {
        assert!(!variables.iter().any(|variable| variable == name), "{name}");
    }
}
