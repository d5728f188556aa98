//! Who may use whom: the table of `ARCHITECTURE.md`, held against the sources.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A row of the table.
#[derive(Debug)]
struct Rule {
    may_use: BTreeSet<String>,
    never: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows under "Who may use whom", by module.
fn rules() -> BTreeMap<String, Rule> {
    let text = read(&root().join("ARCHITECTURE.md"));
    let (_, section) = text.split_once("## Who may use whom").expect("the section of the table");
    let table = section.lines().skip_while(|line| !line.starts_with('|')).skip(2);
    table
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            let [module, may_use, never] = cells[..] else {
                panic!("three columns: {line}");
            };
            let rule = Rule { may_use: quoted(may_use).collect(), never: quoted(never).collect() };
            (quoted(module).next().expect("a module's name"), rule)
        })
        .collect()
}

/// What stands between back ticks.
fn quoted(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// The packages we depend on, as Rust names them.
fn packages() -> BTreeSet<String> {
    ["Cargo.toml", "src/engine/Cargo.toml"].into_iter().flat_map(packages_of).collect()
}

fn packages_of(manifest: &str) -> Vec<String> {
    let manifest = read(&root().join(manifest));
    let (_, section) = manifest.split_once("\n[dependencies]\n").expect("dependencies");
    let name = |line: &str| {
        let (name, _) = line.split_once(" = ")?;
        let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        is_name.then(|| name.replace('-', "_"))
    };
    section.lines().take_while(|line| !line.starts_with('[')).filter_map(name).collect()
}

/// Every source of the package, by the module it belongs to; `lib.rs` is only the map.
fn sources() -> Vec<(String, PathBuf)> {
    let mut folders = vec![root().join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs")
                && !path.ends_with("src/lib.rs")
            {
                sources.push((module_of(&path), path));
            }
        }
    }
    sources.sort();
    sources
}

fn below_src(path: &Path) -> &Path {
    path.strip_prefix(root().join("src")).expect("below src")
}

fn module_of(path: &Path) -> String {
    let first = below_src(path).iter().next().expect("a name");
    Path::new(first).file_stem().and_then(|stem| stem.to_str()).expect("plain names").to_owned()
}

/// How many modules down from the crate's root a file is: 1 for `protocol.rs` and `ui/mod.rs`.
fn depth_of(path: &Path) -> usize {
    below_src(path).iter().count() - usize::from(path.ends_with("mod.rs"))
}

/// The code of a file: without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let tests = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    let line = |line: &str| line.find("//").map_or(line.len(), |comment| comment);
    text[..tests].lines().map(|l| &l[..line(l)]).collect::<Vec<_>>().join("\n")
}

/// The paths into our own modules that code names: by `crate::`, by our package's name, or by as
/// many `super::` as lead to the crate's root.
fn named_paths(code: &str, depth: usize) -> BTreeSet<String> {
    let up = "super::".repeat(depth);
    let mut names = BTreeSet::new();
    for root in ["crate::", "isoscope::", &up] {
        for (at, _) in code.match_indices(root) {
            if !is_inside_a_path(code, at) {
                names.extend(paths(&code[at + root.len()..]));
            }
        }
    }
    names
}

/// The packages, of those given, that code names.
fn named_packages<'a>(code: &str, packages: &'a BTreeSet<String>) -> BTreeSet<&'a str> {
    let is_named = |package: &&String| {
        let starts =
            |pattern: &str| code.match_indices(pattern).any(|(at, _)| !is_inside_a_path(code, at));
        starts(&format!("{package}::")) || starts(&format!("use {package};"))
    };
    packages.iter().filter(is_named).map(String::as_str).collect()
}

/// Whether the name that begins at `at` is the end of a longer one.
fn is_inside_a_path(code: &str, at: usize) -> bool {
    code[..at].ends_with(|before: char| before.is_alphanumeric() || "_:".contains(before))
}

/// The path that text begins with, or all of a group: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(text: &str) -> Vec<String> {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        return parts(group).into_iter().flat_map(paths).collect();
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    match rest.strip_prefix("::") {
        _ if name.is_empty() => Vec::new(),
        Some(rest) if rest.starts_with(|c: char| c.is_alphabetic() || c == '{') => {
            paths(rest).iter().map(|path| format!("{name}::{path}")).collect()
        }
        _ => vec![name.to_owned()],
    }
}

/// What commas part in a group, up to the brace that closes it.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, character) in group.char_indices() {
        match (character, depth) {
            ('{', _) => depth += 1,
            ('}', 0) => {
                parts.push(&group[start..at]);
                break;
            }
            ('}', _) => depth -= 1,
            (',', 0) => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

/// The module that a path leads into.
fn module_in(path: &str) -> &str {
    path.split("::").next().expect("a path has a first name")
}

impl Rule {
    /// Whether a path, or one that leads to it, stands in the second column.
    fn allows(&self, path: &str) -> bool {
        let leads_to = |allowed: &String| {
            let rest = path.strip_prefix(allowed.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        self.may_use.iter().any(leads_to)
    }
}

#[test]
fn every_module_has_its_row_and_every_row_its_module() {
    let modules: BTreeSet<String> = sources().into_iter().map(|(module, _)| module).collect();
    let rows: BTreeSet<String> = rules().into_keys().collect();
    assert_eq!(modules, rows);
    let known: BTreeSet<String> = modules.into_iter().chain(packages()).collect();
    for (module, rule) in rules() {
        let is_unknown = |path: &&String| !known.contains(module_in(path));
        let unknown: Vec<_> = rule.may_use.iter().filter(is_unknown).collect();
        assert!(unknown.is_empty(), "{module} may use what is not there: {unknown:?}");
    }
}

#[test]
fn arrows_point_one_way() {
    let (rules, packages) = (rules(), packages());
    let mut broken = Vec::new();
    for (module, path) in sources() {
        let code = code(&read(&path));
        let named = named_paths(&code, depth_of(&path));
        let ours = named.iter().map(String::as_str).filter(|path| {
            let into = module_in(path);
            rules.contains_key(into) && into != module
        });
        for name in ours.chain(named_packages(&code, &packages)) {
            if !rules[&module].allows(name) {
                broken.push(format!("{} uses {name}", below_src(&path).display()));
            }
        }
    }
    assert!(broken.is_empty(), "against ARCHITECTURE.md:\n{}", broken.join("\n"));
}

#[test]
fn nothing_is_named_that_must_never_be() {
    let rules = rules();
    let mut broken = Vec::new();
    for (module, path) in sources() {
        let code = code(&read(&path));
        for name in rules[&module].never.iter().filter(|name| code.contains(name.as_str())) {
            broken.push(format!("{} names {name}", below_src(&path).display()));
        }
    }
    assert!(broken.is_empty(), "against ARCHITECTURE.md:\n{}", broken.join("\n"));
}

#[test]
fn no_rule_goes_in_a_circle() {
    let rules = rules();
    for module in rules.keys() {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<&str> =
            rules[module].may_use.iter().map(|path| module_in(path)).collect();
        while let Some(next) = ahead.pop() {
            if let Some(rule) = rules.get(next)
                && reached.insert(next)
            {
                ahead.extend(rule.may_use.iter().map(|path| module_in(path)));
            }
        }
        assert!(!reached.contains(module.as_str()), "{module} leads back to itself");
    }
}

#[test]
fn the_reader_of_paths_sees_what_it_should() {
    let names =
        |code: &str, depth| named_paths(code, depth).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(
        names("use crate::engine::table::{Bin, Role};", 2),
        "engine::table::Bin engine::table::Role"
    );
    assert_eq!(
        names("use crate::{\n    cluster::{self, bulk::Bulk},\n    engine,\n};\nuse x;", 1),
        "cluster::bulk::Bulk cluster::self engine"
    );
    assert_eq!(names("let x = crate::ui::start();", 1), "ui::start");
    assert_eq!(names("use super::engine;", 1), "engine");
    assert_eq!(names("use super::super::cluster::bulk;", 2), "cluster::bulk");
    assert_eq!(names("fn main() { isoscope::worker::start(); }", 2), "worker::start");
    assert_eq!(names("use worker::crate_path; let a = not_crate::engine::b;", 1), "");

    let rule = Rule { may_use: BTreeSet::from(["worker::client".to_owned()]), never: Vec::new() };
    assert!(rule.allows("worker::client") && rule.allows("worker::client::Conductor"));
    assert!(!rule.allows("worker") && !rule.allows("worker::clients"));

    let packages = BTreeSet::from(["rand".to_owned(), "web_sys".to_owned()]);
    let packages_in = |code| named_packages(code, &packages).into_iter().collect::<Vec<_>>();
    assert_eq!(packages_in("use rand_chacha::ChaCha8Rng; a::rand::b()"), [""; 0]);
    assert_eq!(packages_in("let w = web_sys::window();\nuse rand;"), ["rand", "web_sys"]);

    let text = "/// crate::ui\nuse a; // crate::ui\n#[cfg(test)]\nmod tests { use crate::ui; }";
    assert_eq!(code(text), "\nuse a; ");
}

#[test]
fn the_reader_of_the_manifest_finds_what_we_depend_on() {
    let packages = packages();
    for name in ["libm", "serde", "web_sys", "wasm_bindgen_futures"] {
        assert!(packages.contains(name), "{packages:?}");
    }
    assert!(!packages.contains("proptest"), "what only tests use is not in the house");
}
