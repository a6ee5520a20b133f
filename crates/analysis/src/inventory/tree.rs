//! One located value tree for JSON, TOML and YAML.
