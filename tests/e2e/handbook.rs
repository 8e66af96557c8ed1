//! The commands of the developer's pages, typed as they stand there, and what they say.

use crate::node::{Node, address, marque};
use crate::shell::split;
use crate::widget::target;
use std::path::{Path, PathBuf};

const FIRST_RULE: &str = include_str!("../../docs/contracts/first-rule.md");

/// A command and the words that it has to say.
type Typed<'p> = (&'p str, Vec<&'p str>);

/// What the page's console blocks type.
fn typed(page: &str) -> Vec<Typed<'_>> {
    let mut all: Vec<Typed<'_>> = Vec::new();
    let blocks = page.split("```console\n").skip(1);
    for line in blocks.flat_map(|block| block.split("```").next().unwrap().lines()) {
        match (line.strip_prefix("$ "), all.last_mut()) {
            (Some(command), _) => all.push((command, Vec::new())),
            (None, Some((_, said))) => said.push(line),
            (None, None) => panic!("a block begins with an answer: {line}"),
        }
    }
    all
}

/// A terminal: the folder that it is in, and the chain that runs in another.
struct Terminal {
    folder: PathBuf,
    node: Option<Node>,
    /// The contract that was deployed.
    contract: String,
}

impl Terminal {
    fn enter(&mut self, folder: &str) {
        self.folder.push(folder);
        // What the tests were built with is built once.
        std::os::unix::fs::symlink(target(), self.folder.join("target")).unwrap();
    }

    fn run(&mut self, command: &str, said: &[&str]) {
        if let Some(folder) = command.strip_prefix("cd ") {
            return self.enter(folder);
        }
        let line = command.replace("CAROL", &address("carol").to_string());
        let line = line.replace("CONTRACT", &self.contract);
        let mut words = split(line.strip_prefix("marque ").unwrap());
        if words.first().is_some_and(|word| word == "dev") {
            words.remove(0);
            let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
            self.node = Some(Node::start(Path::new(&self.folder), &arguments));
            return;
        }
        let mut typed = marque();
        typed.args(words).current_dir(&self.folder);
        typed.env("CARGO_TARGET_DIR", target());
        if let Some(node) = &self.node {
            typed.env("MARQUE_RPC", &node.url);
        }
        let output = typed.output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8(told).unwrap();
        let fails = said.iter().any(|words| words.starts_with("error:"));
        assert_eq!(output.status.success(), !fails, "{command}: {told}");
        if command.starts_with("marque contract deploy") {
            let (_, contract) = told.split_once("contract 0x").unwrap();
            self.contract = format!("0x{}", contract.lines().next().unwrap());
        }
        for words in said {
            assert!(told.contains(words), "{command}: no {words:?} in\n{told}");
        }
    }
}

#[test]
fn the_first_rule_is_typed_as_the_page_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal {
        folder: folder.path().to_owned(),
        node: None,
        contract: String::new(),
    };
    let typed = typed(FIRST_RULE);
    assert!(typed.len() > 15, "{typed:?}");
    for (command, said) in typed {
        terminal.run(command, &said);
    }
}
