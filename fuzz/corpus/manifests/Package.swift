=== Package.swift
// swift-tools-version:5.9
import PackageDescription
let package = Package(name: "A", dependencies: [.package(url: "https://example.org/b/c.git", from: "1.0.0"), .package(path: "../d"), .package(name: "e", url: "https://example.org/e", .upToNextMinor(from: "2.0")), .package(url: "git@example.org:f/g.git", exact: "3.0.0")], targets: [.target(name: "A")])
