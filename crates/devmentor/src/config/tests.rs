use std::fs;

use super::*;

fn load(variables: &[(&str, &str)], flags: &[Flag], file: Option<&Path>) -> Result<Config, String> {
    let mut all = vec![("HOME", "/home/ana")];
    all.extend(variables);
    Config::load(flags, &Environment::of(&all), file).map_err(|error| error.to_string())
}

#[test]
fn the_template_is_the_default() {
    let config = load(&[], &[], None).unwrap();
    assert_eq!(config.server.listen, "127.0.0.1:4680");
    assert!(config.data_dir.starts_with("/home/ana"));
    assert!(config.database.url.is_none());
}

#[test]
fn each_layer_wins_over_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    fs::write(&file, "[server]\nlisten = \"127.0.0.1:1\"\n[jobs]\nworkers = 3\n").unwrap();
    let file = Some(file.as_path());
    assert_eq!(load(&[], &[], file).unwrap().server.listen, "127.0.0.1:1");
    let variables = [("DEVMENTOR_SERVER__LISTEN", "127.0.0.1:2"), ("DEVMENTOR_JOBS__LEASE_SECONDS", "2")];
    let config = load(&variables, &[], file).unwrap();
    assert_eq!(config.server.listen, "127.0.0.1:2");
    assert_eq!(config.jobs.workers, 3);
    assert!((config.jobs.lease_seconds - 2.0).abs() < f64::EPSILON);
    let flags = [Flag::new("server.listen", "--listen", "127.0.0.1:3")];
    assert_eq!(load(&variables, &flags, file).unwrap().server.listen, "127.0.0.1:3");
}

#[test]
fn a_number_out_of_bounds_is_told_the_bounds() {
    for (name, value, bounds) in [
        ("DEVMENTOR_ANALYSIS__MEMORY_MIB", "255", "`analysis.memory_mib` has to be 256 to 1,048,576, in MiB"),
        ("DEVMENTOR_ANALYSIS__MEMORY_MIB", "99999999999999", "256 to 1,048,576"),
        ("DEVMENTOR_ANALYSIS__THREADS", "0", "`analysis.threads` has to be at least 1"),
        ("DEVMENTOR_JOBS__LEASE_SECONDS", "0.1", "0.2 to 3,600"),
        (
            "DEVMENTOR_IDENTITY__SESSION_IDLE_HOURS",
            "721",
            "`identity.session_idle_hours` has to be 1 to 720, in hours",
        ),
    ] {
        let error = load(&[(name, value)], &[], None).unwrap_err();
        assert!(error.contains(bounds), "{error}");
    }
    assert!(load(&[("DEVMENTOR_ANALYSIS__MEMORY_MIB", "256")], &[], None).is_ok());
}

#[test]
fn the_data_folder_may_hold_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("devmentor.toml"), "[log]\nformat = \"json\"\n").unwrap();
    let flags = [Flag::new("data_dir", "--data-dir", folder.path().to_string_lossy().into_owned())];
    assert_eq!(load(&[], &flags, None).unwrap().log.format, LogFormat::Json);
}

#[test]
fn mistakes_are_named_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    let wrong = |text: &str| {
        fs::write(&path, text).unwrap();
        load(&[], &[], Some(&path)).unwrap_err()
    };
    let error = wrong("[server]\nlisen = \"x\"\n");
    assert!(
        error.contains("no setting `server.lisen`") && error.contains("did you mean `listen`?"),
        "{error}"
    );
    assert!(error.contains("own.toml"), "{error}");
    let error = wrong("[jobs]\nworkers = \"many\"\n");
    assert!(error.contains("`jobs.workers`") && error.contains("own.toml"), "{error}");
    let error = wrong("[log]\nformat = \"xml\"\n");
    assert!(error.contains("one of") && error.contains("json"), "{error}");
    assert!(wrong("[server\n").contains("TOML") || !wrong("[server\n").is_empty());
    let error = load(&[("DEVMENTOR_SERVR__LISTEN", "x")], &[], None).unwrap_err();
    assert!(error.contains("DEVMENTOR_SERVR__LISTEN") && error.contains("did you mean `server`?"), "{error}");
    assert!(
        load(&[], &[], Some(Path::new("/nowhere/at/all.toml")))
            .unwrap_err()
            .contains("no configuration file")
    );
}

#[test]
fn variables_of_the_tests_are_not_settings() {
    assert!(load(&[("DEVMENTOR_TEST_POSTGRES", "postgres://x"), ("DEVMENTOR_BIN", "x")], &[], None).is_ok());
}

#[test]
fn the_network_is_reached_only_on_purpose() {
    let error = load(&[("DEVMENTOR_SERVER__LISTEN", "0.0.0.0:80")], &[], None).unwrap_err();
    assert!(error.contains("other machines") && error.contains("--allow-network"), "{error}");
    let proxied = [
        ("DEVMENTOR_SERVER__LISTEN", "0.0.0.0:80"),
        ("DEVMENTOR_SERVER__PUBLIC_URL", "https://mentor.example.org"),
    ];
    assert!(
        load(&proxied, &[], None).unwrap_err().contains("--allow-network"),
        "others could go past the proxy"
    );
    let variables = [("DEVMENTOR_SERVER__LISTEN", "0.0.0.0:80"), ("DEVMENTOR_SERVER__ALLOW_NETWORK", "true")];
    assert!(load(&variables, &[], None).is_ok());
    assert!(
        load(&[("DEVMENTOR_SERVER__LISTEN", "localhost")], &[], None).unwrap_err().contains("IP address")
    );
}

#[test]
fn a_proxy_that_speaks_tls_is_named_by_its_origin() {
    let named = |url: &str| {
        let set = [("DEVMENTOR_SERVER__PUBLIC_URL", url)];
        load(&set, &[], None).map(|config| config.public_host().unwrap().unwrap())
    };
    assert_eq!(named("https://mentor.example.org").unwrap(), "mentor.example.org");
    assert_eq!(named("https://MENTOR.example.org:443/").unwrap(), "mentor.example.org");
    assert_eq!(named("https://mentor.example.org:8443").unwrap(), "mentor.example.org:8443");
    for wrong in [
        "http://mentor.example.org",
        "mentor.example.org",
        "https://mentor.example.org/mentor",
        "https://mentor.example.org/?a=b",
        "https://ana:secret@mentor.example.org",
        "https://",
    ] {
        let error = named(wrong).unwrap_err();
        assert!(error.contains("`server.public_url`") && error.contains("https://"), "{wrong}: {error}");
    }
}

#[test]
fn proxies_are_named_by_their_networks() {
    let named = |value: &str| {
        let set = [("DEVMENTOR_SERVER__TRUSTED_PROXIES", value)];
        load(&set, &[], None).map(|config| config.trusted_proxies().unwrap())
    };
    let networks = named(r#"["10.0.0.0/24", "192.0.2.7", "2001:db8::/48"]"#).unwrap();
    let shown: Vec<String> = networks.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["10.0.0.0/24", "192.0.2.7/32", "2001:db8::/48"]);
    for wrong in [r#"["proxy.example.org"]"#, r#"["10.0.0.0/33"]"#, r#"[""]"#] {
        let error = named(wrong).unwrap_err();
        assert!(error.contains("`server.trusted_proxies`") && error.contains("10.0.0.0/24"), "{error}");
    }
}

#[test]
fn behind_a_proxy_nobody_is_local() {
    assert!(load(&[], &[], None).unwrap().is_local().unwrap());
    let set = [("DEVMENTOR_SERVER__PUBLIC_URL", "https://mentor.example.org")];
    assert!(!load(&set, &[], None).unwrap().is_local().unwrap());
}

#[test]
fn secrets_are_not_shown_and_sources_are() {
    let environment =
        Environment::of(&[("HOME", "/home/ana"), ("DEVMENTOR_DATABASE__URL", "postgres://a:hunter2@b/c")]);
    let shown = settings(&[], &environment, None).unwrap();
    let url = shown.iter().find(|setting| setting.key == "database.url").unwrap();
    assert_eq!(url.source, "environment variable DEVMENTOR_DATABASE__URL");
    assert!(!serde_json::to_string(&shown).unwrap().contains("hunter2"));
    assert_eq!(shown.iter().find(|setting| setting.key == "jobs.workers").unwrap().source, "default");
}

#[test]
fn providers_are_looked_at_without_the_file_of_their_password() {
    let with = |list: &str| load(&[("DEVMENTOR_IDENTITY__PROVIDERS", list)], &[], None);
    let one = "{id=\"google\", kind=\"google\", client_id=\"us\", client_secret_file=\"/nowhere\"}";
    // Commands that sign nobody in may not read that file; the server says that it cannot.
    let config = with(&format!("[{one}]")).unwrap();
    assert!(config.providers().unwrap_err().to_string().contains("/nowhere cannot be read"));
    let twice = with(&format!("[{one}, {one}]")).err().unwrap();
    assert!(twice.contains("two providers are called `google`"), "{twice}");
}

#[test]
fn models_are_looked_at_without_the_file_of_a_key() {
    let with = |list: &str| load(&[("DEVMENTOR_MODELS__PROVIDERS", list)], &[], None);
    // Commands that ask no model may not read that file; the server says that it cannot.
    let config = with("[{name=\"house\", kind=\"anthropic\", key_file=\"/nowhere\"}]").unwrap();
    assert!(config.models.server().unwrap_err().to_string().contains("/nowhere cannot be read"));
    let empty = with("[{name=\"house\", kind=\"openai\", key_file=\"/dev/null\"}]").unwrap();
    assert!(empty.models.server().unwrap_err().to_string().contains("a key has 1 to"));
    for (list, says) in [
        ("[{name=\"house\", kind=\"anthropic\"}]", "set `key` or `key_file`"),
        ("[{name=\"house\", kind=\"openai\", key=\"\"}]", "a key has 1 to"),
        ("[{name=\"house\", kind=\"openai\", key=\"k\", key_file=\"/f\"}]", "keep one of them"),
    ] {
        let refused = with(list).err().unwrap();
        assert!(refused.contains(says), "{refused}");
    }
}

#[test]
fn no_secret_of_any_setting_is_shown() {
    let environment = Environment::of(&[
        ("HOME", "/home/ana"),
        ("DEVMENTOR_DATABASE__URL", "postgres://a:hunter2@b/c"),
        (
            "DEVMENTOR_IDENTITY__PROVIDERS",
            "[{id=\"google\", kind=\"google\", client_id=\"us\", client_secret=\"hunter2\"}]",
        ),
        ("DEVMENTOR_MAIL__SMTP_URL", "smtps://a:hunter2@mail.example.org"),
        ("DEVMENTOR_OUTBOUND__PROXY", "http://a:hunter2@proxy.example.org:3128"),
        ("DEVMENTOR_REDIS__URL", "redis://a:hunter2@redis.example.org"),
        ("DEVMENTOR_REPOSITORIES__TOKENS", "[{host=\"git.example.org\", token=\"hunter2\"}]"),
        ("DEVMENTOR_SECRETS__KEYS", "hunter2"),
    ]);
    let shown = settings(&[], &environment, None).unwrap();
    let hidden: Vec<&str> =
        shown.iter().filter(|it| it.value == "[secret]").map(|it| it.key.as_str()).collect();
    assert_eq!(hidden, show::SECRET);
    assert!(!serde_json::to_string(&shown).unwrap().contains("hunter2"));
    // A field that is added to the configuration as a secret is added to that list too.
    let files = [include_str!("../config.rs"), include_str!("models.rs"), include_str!("providers.rs")];
    let fields = files
        .iter()
        .flat_map(|file| file.lines())
        .filter(|line| line.ends_with(": Secret,") || line.ends_with(": Option<Secret>,"));
    assert_eq!(fields.count(), show::SECRET.len());
}
