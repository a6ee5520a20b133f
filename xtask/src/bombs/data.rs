//! Texts that exhaust parsers of manifests, lockfiles and configuration.

use super::{Text, fill, numbered};

/// Close to the largest file that an analysis reads at all.
const LARGE: usize = 4_900_000;

pub(super) fn json() -> Vec<Text> {
    let deep = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    let in_map = |inner: String| format!("{{\"dependencies\": {inner}}}");
    vec![
        ("open lists", "[".repeat(LARGE)),
        ("closed lists", deep("[", "1", "]", LARGE / 2)),
        ("open maps", fill("{\"a\":", LARGE)),
        ("maps at the limit", in_map(deep("{\"a\":", "1", "}", 120))),
        ("zeros", in_map(format!("[{}0]", fill("0,", LARGE)))),
        ("empty lists", in_map(format!("[{}[]]", fill("[],", LARGE)))),
        ("empty keys", in_map(format!("{{{}\"\":0}}", fill("\"\":0,", LARGE)))),
        ("one key again and again", in_map(format!("{{{}\"a\":\"1\"}}", fill("\"a\":\"1\",", LARGE)))),
        (
            "many keys",
            in_map(format!("{{{}\"a\":\"1\"}}", numbered(300_000, |n| format!("\"k{n}\":\"1\",")))),
        ),
        ("huge string", in_map(format!("\"{}\"", "a".repeat(LARGE)))),
        ("huge key", format!("{{\"{}\": 1}}", "a".repeat(LARGE))),
        ("string of escapes", in_map(format!("\"{}\"", fill("\\u0041", LARGE)))),
        ("open string", format!("{{\"{}", "a".repeat(LARGE))),
        ("huge number", in_map("1".repeat(LARGE))),
        ("spaces", format!("{}{{}}", " ".repeat(LARGE))),
        ("line comments", format!("{}{{}}", fill("//\n", LARGE))),
        ("comments", format!("{}{{}}", fill("/**/", LARGE))),
        ("open comments", fill("/*", LARGE)),
        ("closing brackets", format!("{{{}", fill(", }", 500_000))),
    ]
}

pub(super) fn toml() -> Vec<Text> {
    vec![
        ("open lists", format!("a = {}", "[".repeat(LARGE))),
        ("closed lists", format!("a = {}1{}", "[".repeat(LARGE / 2), "]".repeat(LARGE / 2))),
        ("inline tables", format!("a = {}", fill("{a = ", LARGE))),
        ("dotted key", format!("{}a = 1", fill("a.", LARGE))),
        ("dotted header", format!("[{}a]\nb = 1", fill("a.", LARGE))),
        ("dotted keys", numbered(60_000, |n| format!("a.b.c.d.e.f.g.h.i.j{n} = 1\n"))),
        ("deep dotted keys", numbered(4_000, |n| format!("{}x{n} = 1\n", "a.".repeat(60)))),
        ("zeros", format!("a = [{}0]", fill("0,", LARGE))),
        ("empty lists", format!("a = [{}[]]", fill("[],", LARGE))),
        ("empty tables", format!("a = [{}{{}}]", fill("{},", LARGE))),
        ("many keys", numbered(250_000, |n| format!("k{n} = \"1\"\n"))),
        (
            "many dependencies",
            format!("[dependencies]\n{}", numbered(250_000, |n| format!("k{n} = \"1\"\n"))),
        ),
        ("many tables", numbered(250_000, |n| format!("[t{n}]\n"))),
        ("one table again and again", fill("[a]\n", LARGE)),
        ("list of tables", fill("[[package]]\n", LARGE)),
        ("list of lists of tables", format!("[[a]]\n{}", fill("[[a.b]]\n", LARGE))),
        ("huge string", format!("a = \"{}\"", "a".repeat(LARGE))),
        ("huge key", format!("{} = 1", "a".repeat(LARGE))),
        ("string of escapes", format!("a = \"{}\"", fill("\\u0041", LARGE))),
        ("open text", format!("a = \"\"\"{}", fill("a\n", LARGE))),
        ("quotes", fill("\"\"\"", LARGE)),
        ("huge number", format!("a = {}", "1".repeat(LARGE))),
        ("spaces", " ".repeat(LARGE)),
        ("comments", fill("#\n", LARGE)),
        ("mistakes", fill("=\n", LARGE)),
        ("mistaken words", fill("a b\n", LARGE)),
    ]
}

/// After what makes the reader of that format take the text for its own.
pub(super) fn yaml(before: &str) -> Vec<Text> {
    let laughs = numbered(60, |n| {
        let before = if n == 0 { "x".to_owned() } else { format!("*a{}", n - 1) };
        format!("a{n}: &a{n} [{}]\n", vec![before; 9].join(", "))
    });
    let texts = vec![
        ("open lists", "[".repeat(LARGE)),
        ("closed lists", format!("a: {}1{}", "[".repeat(LARGE / 2), "]".repeat(LARGE / 2))),
        ("open maps", fill("{a: ", LARGE)),
        ("dashes", fill("- ", LARGE)),
        ("question marks", fill("? ", LARGE)),
        ("colons", fill("a: ", LARGE)),
        ("indents", numbered(2_000, |n| format!("{}a:\n", " ".repeat(n)))),
        ("a billion laughs", laughs),
        ("anchors around anchors", {
            let open = numbered(120, |n| format!("&a{n} ["));
            format!("a: {open}\n{}  b{}\n", fill("  b,\n", 900_000), "]".repeat(120))
        }),
        ("many merged keys", {
            let merged = numbered(45_000, |n| format!("    m{n}: 1\n"));
            format!("a:\n  <<:\n{merged}{}", numbered(45_000, |n| format!("  k{n}: 1\n")))
        }),
        ("merged keys", format!("a: &a {{b: 1}}\nc:\n{}", fill("  <<: *a\n", LARGE))),
        ("many anchors", numbered(200_000, |n| format!("- &a{n} x\n"))),
        ("many aliases", format!("a: &a {}\nb: [{}*a]\n", "x".repeat(250), fill("*a, ", LARGE))),
        ("unknown aliases", format!("[{}*a]", fill("*a, ", LARGE))),
        ("zeros", format!("a: [{}0]", fill("0,", LARGE))),
        ("empty entries", fill("-\n", LARGE)),
        ("many keys", numbered(250_000, |n| format!("k{n}: 1\n"))),
        ("one key again and again", fill("a: 1\n", LARGE)),
        ("huge word", format!("a: {}", "a".repeat(LARGE))),
        ("huge key", format!("{}: a", "a".repeat(LARGE))),
        ("huge words in lines", format!("a:\n{}", fill("  word\n", LARGE))),
        ("block of text", format!("a: |\n{}", fill("  word\n", LARGE))),
        ("folded text", format!("a: >\n{}", fill("  word\n\n", LARGE))),
        ("open string", format!("a: \"{}", fill("a\n ", LARGE))),
        ("string of escapes", format!("a: \"{}\"", fill("\\u0041", LARGE))),
        ("documents", fill("---\n", LARGE)),
        ("directives", fill("%TAG ! a\n", LARGE)),
        ("tags", fill("!a ", LARGE)),
        ("tabs", "\t".repeat(LARGE)),
        ("spaces", " ".repeat(LARGE)),
        ("comments", fill("#\n", LARGE)),
    ];
    let wrapped = texts.into_iter().map(|(name, text)| (name, format!("{before}{text}")));
    wrapped.chain([("nothing before it", fill("{[", LARGE))]).collect()
}

pub(super) fn lines() -> Vec<Text> {
    vec![
        ("short lines", fill("a\n", LARGE)),
        ("pins", numbered(300_000, |n| format!("a{n}==1.0\n"))),
        ("one pin again and again", fill("a==1\n", LARGE)),
        ("one line", "a".repeat(LARGE)),
        ("words in one line", fill("a ", LARGE)),
        ("going on", fill("a \\\n", LARGE)),
        ("open extras", fill("a[", LARGE)),
        ("conditions", fill("a; ", LARGE)),
        ("comments", fill("a # b\n", LARGE)),
        ("empty lines", "\n".repeat(LARGE)),
        ("sections", fill("[options]\n", LARGE)),
        ("indented", format!("[options]\ninstall_requires =\n{}", fill("  a\n", LARGE))),
        ("keywords", fill("install_requires ", 500_000)),
        ("open list", format!("setup(install_requires=[{}", fill("'a',\n", 500_000))),
        ("open quotes", format!("setup(install_requires=[{}", fill("'", 500_000))),
        ("blocks", fill("require (\n)\n", LARGE)),
        ("keys", fill("a@1, ", LARGE) + "a@1:\n  version \"1\"\n"),
        ("entries", numbered(150_000, |n| format!("a{n}@1:\n  version \"1\"\n"))),
        ("images", fill("FROM postgres\n", LARGE)),
        ("images in one line", format!("FROM {}", fill("postgres/", LARGE))),
    ]
}

pub(super) fn dockerfile() -> Vec<Text> {
    let arguments = numbered(100_000, |n| format!(" a{n}=1"));
    let long = "a".repeat(900_000);
    vec![
        ("arguments", format!("ARG{arguments}\n{}", fill("FROM $x\n", 40_000))),
        ("long argument", format!("ARG x={long}\n{}", fill("FROM $x\n", 40_000))),
        ("long base", format!("FROM {long} AS a\n{}", fill("FROM a\n", 35_000))),
    ]
}

pub(super) fn markup() -> Vec<Text> {
    let entities = numbered(40, |n| format!("<!ENTITY e{} \"{}\">\n", n + 1, format!("&e{n};").repeat(10)));
    vec![
        ("a billion laughs", format!("<!DOCTYPE a [<!ENTITY e0 \"x\">\n{entities}]><a>&e40;</a>")),
        ("quadratic entity", {
            format!(
                "<!DOCTYPE a [<!ENTITY e \"{}\">]><a>{}</a>",
                "x".repeat(1_000_000),
                fill("&e;", 1_000_000)
            )
        }),
        ("open tags", fill("<a>", LARGE)),
        ("open angles", "<".repeat(LARGE)),
        ("attributes", format!("<a {}", fill("a=\"\" ", LARGE))),
        ("comments", fill("<!--", LARGE)),
        ("quotes", fill("> ", LARGE)),
        ("brackets", fill("[", LARGE)),
        ("links", fill("[a](", LARGE)),
        ("braces", fill("a{", LARGE)),
        ("one line", "a".repeat(LARGE)),
        ("empty lines", "\n".repeat(LARGE)),
    ]
}

/// Tables whose entries are compared with one another.
pub(super) fn npm_tables() -> Vec<Text> {
    let table = |count: usize, value: &str| {
        format!("{{{}\"z\":{value}}}", numbered(count, |n| format!("\"k{n}\":{value},")))
    };
    vec![
        (
            "optional peers",
            format!(
                "{{\"peerDependencies\": {}, \"peerDependenciesMeta\": {}}}",
                table(120_000, "\"1\""),
                table(120_000, "{\"optional\":true}")
            ),
        ),
        ("exports", format!("{{\"exports\": {}}}", table(20_000, "{\"a\":\"b\"}"))),
        (
            "long name",
            format!(
                "{{\"packages\": {{\"node_modules/{}\": {{\"version\": \"1\", \"dependencies\": {}}}}}}}",
                "a/".repeat(500_000),
                table(200_000, "\"1\"")
            ),
        ),
        (
            "long place",
            format!(
                "{{\"packages\": {{\"{}\": [\"a@1\", \"\", {{\"dependencies\": {}}}]}}}}",
                "a/".repeat(500_000),
                table(200_000, "\"1\"")
            ),
        ),
    ]
}

pub(super) fn npm_places() -> Vec<Text> {
    let children = |count| numbered(count, |n| format!("\"k{n}\":{{}},"));
    let long = "a".repeat(1_000_000);
    let chain = |names: usize, length: usize, children: String| {
        let names: Vec<String> = (0..names).map(|n| format!("{}{n}", "a".repeat(length))).collect();
        let links = names.windows(2).map(|pair| {
            format!(
                "\"node_modules/{}\":{{\"version\":\"1\",\"dependencies\":{{\"{}\":\"1\"}}}},",
                pair[0], pair[1]
            )
        });
        let last = names.last().cloned().unwrap_or_default();
        format!(
            "{{\"lockfileVersion\":3,\"packages\":{{\"\":{{\"dependencies\":{{\"{}\":\"1\"}}}},{}\
             \"node_modules/{last}\":{{\"version\":\"1\",\"dependencies\":{{{children}\"z\":\"1\"}}}}}}}}",
            names[0],
            links.collect::<String>()
        )
    };
    vec![
        (
            "long name above many",
            format!(
                "{{\"dependencies\":{{\"{long}\":{{\"dependencies\":{{{}\"z\":{{}}}}}}}}}}",
                children(150_000)
            ),
        ),
        ("nested", format!("{}{}{}", "{\"dependencies\":{\"a\":".repeat(60), "{}", "}}".repeat(60))),
        ("long names in a chain", chain(12, 200, numbered(60_000, |n| format!("\"k{n}\":\"1\",")))),
        ("very long names in a chain", {
            let packages = numbered(40_000, |n| format!("\"node_modules/k{n}\":{{\"version\":\"1\"}},"));
            chain(11, 30_000, numbered(40_000, |n| format!("\"k{n}\":\"1\","))).replacen(
                "\"packages\":{",
                &format!("\"packages\":{{{packages}"),
                1,
            )
        }),
    ]
}

pub(super) fn cargo_tables() -> Vec<Text> {
    let inherited = numbered(100_000, |n| format!("k{n}.workspace = true\n"));
    let offered = numbered(100_000, |n| format!("k{n} = \"1\"\n"));
    vec![("inherited", format!("[workspace.dependencies]\n{offered}\n[dependencies]\n{inherited}"))]
}

pub(super) fn locked_packages() -> Vec<Text> {
    let again = numbered(50_000, |n| format!("[[package]]\nname = \"a\"\nversion = \"{n}\"\n"));
    let needs = numbered(100_000, |_| "\"a 49999\",".to_owned());
    let tables = numbered(60_000, |_| "{name=\"a\",version=\"49999\"},".to_owned());
    vec![
        (
            "many versions",
            format!("{again}[[package]]\nname = \"b\"\nversion = \"1\"\ndependencies = [{needs}]\n"),
        ),
        (
            "many versions by table",
            format!("{again}[[package]]\nname = \"b\"\nversion = \"1\"\ndependencies = [{tables}]\n"),
        ),
        (
            "many packages",
            numbered(80_000, |n| format!("[[package]]\nname = \"a{n}\"\nversion = \"1.0.0\"\n")),
        ),
    ]
}

pub(super) fn python_tables() -> Vec<Text> {
    let listed = numbered(100_000, |n| format!("\"k{n}\","));
    let sources = numbered(100_000, |n| format!("k{n} = {{ workspace = true }}\n"));
    vec![("sources", format!("[project]\ndependencies = [{listed}]\n[tool.uv.sources]\n{sources}"))]
}

pub(super) fn pnpm_tables() -> Vec<Text> {
    let packages = numbered(100_000, |n| format!("  k{n}@1.0.0: {{}}\n"));
    let needs = numbered(100_000, |n| format!("      k{n}: 1.0.0\n"));
    vec![(
        "many packages",
        format!("lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n{needs}packages:\n{packages}"),
    )]
}

pub(super) fn go_lines() -> Vec<Text> {
    let required = numbered(120_000, |n| format!("\tk{n}.io/a v1.0.0\n"));
    vec![
        ("required", format!("module a\nrequire (\n{required})\n")),
        ("replaced", format!("module a\nreplace (\n{})\n", fill("a => b v1\n", LARGE))),
    ]
}

pub(super) fn attributes() -> Vec<Text> {
    vec![
        ("many rules", numbered(30_000, |n| format!("*.a{n} linguist-vendored\n"))),
        ("many stars", fill("*a*b*c*d*e*f*g*h*i*j* linguist-vendored\n", 1_000_000)),
        ("one long rule", format!("{} linguist-vendored\n", "*a".repeat(400_000))),
        ("alternatives", format!("{} linguist-vendored\n", "{a,b}".repeat(180_000))),
        (
            "nested alternatives",
            format!("{}{} linguist-vendored\n", "{a,".repeat(20_000), "}".repeat(20_000)),
        ),
        ("folders", format!("{}a linguist-vendored\n", "**/".repeat(300_000))),
        ("classes", fill("[a-z][!a-z][\\]] linguist-vendored\n", 1_000_000)),
    ]
}

pub(super) fn secrets() -> Vec<Text> {
    vec![
        ("literals", fill("token=\"secret://", LARGE)),
        ("literals in lines", fill("password = \"a1b2c3d4e5\"\n", LARGE)),
        ("addresses", fill("postgres://a:b@c/d ", LARGE)),
        ("keys", fill("-----BEGIN RSA PRIVATE KEY-----\n", LARGE)),
        ("starts of tokens", fill("AKIA ghp_ sk_live_ xoxb- eyJ", LARGE)),
    ]
}
