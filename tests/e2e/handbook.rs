//! The commands of the developer's pages, typed as they stand there, and what they say.

use crate::node::{Node, address, marque};
use crate::shell::{Shell, split};
use crate::widget::{MIGRATION, SECOND, target};
use std::path::{Path, PathBuf};

const FIRST_RULE: &str = include_str!("../../docs/contracts/first-rule.md");
const TESTING: &str = include_str!("../../docs/contracts/testing.md");
const UPGRADING: &str = include_str!("../../docs/contracts/upgrading.md");
const FRESH_FOOD: &str = include_str!("../../docs/contracts/fresh-food.md");

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

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
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
        let mut words = split(&line);
        let named = words.iter().take_while(|word| word.contains('=')).count();
        let named: Vec<String> = words.drain(..named).collect();
        let program = words.remove(0);
        if words.first().is_some_and(|word| word == "dev") {
            words.remove(0);
            let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
            self.node = Some(Node::start(Path::new(&self.folder), &arguments));
            return;
        }
        assert_eq!(program, "marque", "{command}");
        let mut typed = marque();
        typed.envs(named.iter().map(|word| word.split_once('=').unwrap()));
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

/// The scaffold's project, and its folder.
fn project(name: &str) -> (tempfile::TempDir, Terminal) {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal {
        folder: folder.path().to_owned(),
        node: None,
        contract: String::new(),
    };
    terminal.run(&format!("marque contract new {name}"), &[]);
    terminal.enter(name);
    (folder, terminal)
}

#[test]
fn tests_are_run_as_the_page_says() {
    let (_folder, mut terminal) = project("widget");
    let typed = typed(TESTING);
    assert_eq!(typed.len(), 3, "{typed:?}");
    for (command, said) in typed {
        // One is typed in the repository, of a contract that has such a test.
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let own = command.contains("contracts/").then(|| {
            let own = terminal.folder.clone();
            terminal.folder = root;
            own
        });
        terminal.run(command, &said);
        if let Some(own) = own {
            terminal.folder = own;
        }
    }
}

#[test]
fn an_upgrade_is_typed_as_the_page_says() {
    let (folder, mut terminal) = project("widget");
    let node = Node::start(folder.path(), &["--no-sample"]);
    let shell = Shell(&node);
    let (gtin, carol) = ("09506000134352", address("carol"));
    shell.ok("party register alice --name Widgets --location 9506000134352 --from judy");
    shell.ok("party register carol --name 'Corner Shop' --location 9506000134376 --from judy");
    shell.ok("brand license alice --prefix 9506000 --from judy");
    terminal.run("marque contract build", &[]);
    let first = terminal.folder.join("first.wasm");
    std::fs::copy(terminal.folder.join("target/contracts/widget.wasm"), &first).unwrap();
    let first = first.display();
    shell.ok(&format!("contract deploy {first} --from alice"));
    let all = shell.json("contract list");
    let all = all.as_array().unwrap();
    let widget = all.iter().find(|one| one["name"] == "widget").unwrap();
    let widget = widget["address"].as_str().unwrap();
    shell.ok(&format!(
        "contract call widget list dealer={carol} --code {first} --from alice"
    ));
    shell.ok(&format!(
        "product register {gtin} --name Widget --contract {widget} --from alice"
    ));
    shell.ok(&format!("commission (01){gtin}(21)A1 --from alice"));
    shell.ok(&format!("offer (01){gtin}(21)A1 --to carol --from alice"));
    let second = SECOND.replace("MIGRATION", MIGRATION);
    std::fs::write(terminal.folder.join("src/lib.rs"), second).unwrap();
    terminal.node = Some(node);
    let typed = typed(UPGRADING);
    assert_eq!(typed.len(), 5, "{typed:?}");
    for (command, said) in typed {
        terminal.run(command, &said);
    }
}

/// What no test types is not shown as a command, on any page.
#[test]
fn no_other_page_has_commands_in_blocks() {
    let all = [FIRST_RULE, TESTING, UPGRADING, FRESH_FOOD];
    let folder = repository().join("docs/contracts");
    let pages = std::fs::read_dir(folder).unwrap();
    let pages = pages.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let pages: Vec<String> = pages.collect();
    assert!(pages.len() > all.len(), "{} pages", pages.len());
    for page in pages {
        assert!(!page.contains("```sh"), "a block is not typed:\n{page}");
        let known = all.contains(&page.as_str());
        assert!(known || typed(&page).is_empty(), "not typed:\n{page}");
    }
}

#[test]
fn fresh_foods_document_is_captured_as_the_page_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal {
        folder: folder.path().to_owned(),
        node: None,
        contract: String::new(),
    };
    let contracts = repository().join("contracts");
    for (command, said) in typed(FRESH_FOOD) {
        let command = command.replace(
            "capture contracts",
            &format!("capture {}", contracts.display()),
        );
        terminal.run(&command, &said);
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
