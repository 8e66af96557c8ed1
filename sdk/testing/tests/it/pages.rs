//! The pages of `docs/contracts` quote code that is compiled and tested, and link what is there.

#[allow(dead_code, reason = "the report alone runs the tests")]
#[path = "../../examples/report/cheap.rs"]
mod cheap;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn pages() -> Vec<(PathBuf, String)> {
    let folder = root().join("docs/contracts");
    let files = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let pages: Vec<_> = files
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    assert!(pages.len() > 4, "pages of {}", folder.display());
    pages
}

/// Lines without their indentation, and none that is empty. An example in a comment is code
/// too, also where it has a comment of its own.
fn lines(text: &str) -> Vec<&str> {
    let marks = |sign: char| sign == '/' || sign.is_whitespace();
    let lines = text.lines().map(|line| match line.trim() {
        line if line.starts_with("///") => line.trim_start_matches(marks),
        line => line,
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// The fenced blocks of a page: what stands behind the fence, and the block.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = page.split("```").collect();
    assert_eq!(parts.len() % 2, 1, "a fence is not closed");
    let fenced = parts.iter().skip(1).step_by(2);
    fenced.filter_map(|part| part.split_once('\n')).collect()
}

#[test]
fn rust_is_quoted_from_files_that_are_compiled() {
    let mut quoted = 0;
    for (path, page) in pages() {
        for (fence, block) in blocks(&page) {
            let mut words = fence.split_whitespace();
            if words.next() != Some("rust") {
                continue;
            }
            let source = words.next();
            let source =
                source.unwrap_or_else(|| panic!("{}: from where? {block}", path.display()));
            let text = fs::read_to_string(root().join(source))
                .unwrap_or_else(|error| panic!("{}: {source}: {error}", path.display()));
            let (text, block) = (lines(&text), lines(block));
            let found = text.windows(block.len()).any(|part| part == block);
            assert!(
                found,
                "{}: {source} does not have\n{}",
                path.display(),
                block.join("\n")
            );
            quoted += 1;
        }
    }
    assert!(quoted > 10, "{quoted} blocks of Rust");
}

#[test]
fn links_lead_to_what_is_there() {
    for (path, page) in pages() {
        for part in page.split("](").skip(1) {
            let link = part.split(')').next().unwrap();
            let file = link.split('#').next().unwrap();
            if file.contains("://") || file.is_empty() {
                continue;
            }
            let target = path.parent().unwrap().join(file);
            assert!(target.exists(), "{}: {link}", path.display());
        }
    }
}

#[test]
fn the_table_has_what_is_built_and_measured() {
    let page = fs::read_to_string(root().join("docs/contracts/reference.md")).unwrap();
    for subject in &cheap::SUBJECTS {
        let row = cheap::columns(&root(), subject);
        assert!(
            page.lines().any(|line| line.starts_with(&row)),
            "the page has not\n{row}\nwrite it anew: cargo run -p marque-testing --example report"
        );
    }
}

#[test]
fn the_smallest_contract_has_under_four_kilobytes() {
    let size = marque_testing::compile_example("marque-sdk", "smallest").len();
    assert!(size < 4_096, "{size} bytes");
}

/// A peer's cell has its source, Marque's a test that is there.
#[test]
fn the_comparison_has_its_sources_and_its_tests() {
    let page = fs::read_to_string(root().join("docs/comparison.md")).unwrap();
    let mut sources = 0;
    for part in page.split("][").skip(1) {
        let label = part.split(']').next().unwrap();
        let defined = format!("\n[{label}]: https://");
        assert!(page.contains(&defined), "{label} has no address");
        sources += 1;
    }
    assert!(sources > 30, "{sources} sources");
    for part in page.split("\n[").skip(1) {
        let label = part.split(']').next().unwrap();
        assert!(page.contains(&format!("][{label}]")), "{label} is not used");
    }
    let mut commands = 0;
    for part in page.split("`cargo test -p ").skip(1) {
        let words: Vec<&str> = part.split('`').next().unwrap().split(' ').collect();
        let [package, "--test", suite, name] = words[..] else {
            panic!("{words:?}")
        };
        let text = written(&tests_of(package, suite));
        let module = text.contains(&format!("mod {name};"));
        let test = text.contains(&format!("fn {name}"));
        assert!(module || test, "{package} has no test {name}");
        commands += 1;
    }
    assert!(commands > 10, "{commands} commands");
    for part in page.split("](").skip(1) {
        let link = part.split([')', '#']).next().unwrap();
        assert!(root().join("docs").join(link).exists(), "{link}");
    }
}

/// Where the tests of a package are written.
fn tests_of(package: &str, suite: &str) -> PathBuf {
    if suite == "e2e" {
        return root().join("tests/e2e");
    }
    let name = package.trim_start_matches("marque-");
    let folders = ["sdk", "contracts", "node", "runtime"];
    let mut tests = folders.map(|folder| root().join(folder).join(name).join("tests").join(suite));
    tests.sort_by_key(|folder| !folder.exists());
    let [folder, ..] = tests;
    folder
}

/// All of a folder's sources.
fn written(folder: &Path) -> String {
    let files =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let texts = files.map(|file| {
        let path = file.unwrap().path();
        if path.is_dir() {
            written(&path)
        } else {
            fs::read_to_string(path).unwrap()
        }
    });
    texts.collect()
}
