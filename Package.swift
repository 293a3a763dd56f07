// swift-tools-version: 6.2
import PackageDescription

// A target lists only what it may see: this file enforces who may import what (docs/architecture.md).

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
let besideC: [SwiftSetting] = strict + [.strictMemorySafety()]

func system(_ name: String, _ package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", providers: [.apt([package])])
}

/// Modules with a folder of prompts, which becomes part of the binary.
let withPrompts: Set = ["Discovery"]

func module(_ name: String, _ dependencies: [String], _ settings: [SwiftSetting] = strict) -> Target {
    .target(
        name: name, dependencies: dependencies.map { .byName(name: $0) },
        resources: withPrompts.contains(name) ? [.embedInCode("Prompts")] : [], swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: ([name] + dependencies).map { .byName(name: $0) },
        path: "Tests/\(name)", swiftSettings: strict)
}

let foundations = ["JSON", "Telemetry", "HTTPServer", "Database", "Cryptography"]
let kernel = foundations + ["Records", "Intelligence", "Runtime"]
let slice = kernel + ["Platform"]

let package = Package(
    name: "bureau",
    products: [.executable(name: "bureau", targets: ["Bureau"])],
    targets: [
        system("CMicroHTTPD", "libmicrohttpd-dev"),
        system("CSQLite", "libsqlite3-dev"),
        system("CPostgreSQL", "libpq-dev"),
        system("COpenSSL", "libssl-dev"),
        system("CArgon2", "libargon2-dev"),
        system("CYAML", "libyaml-dev"),
        system("CZlib", "zlib1g-dev"),
        system("CLinear", "liblinear-dev"),
        system("CPSL", "libpsl-dev"),
        system("CCurl", "libcurl4-openssl-dev"),
        system("CResolv", "libc6-dev"),
        .target(
            name: "CPhoneNumber", path: "Sources/System/CPhoneNumber",
            linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("stdc++")]),

        module("JSON", []),
        module("Telemetry", ["JSON"]),
        module("HTTPServer", ["JSON", "Telemetry", "CMicroHTTPD", "CZlib"], besideC),
        module("HTTPClient", ["JSON", "Telemetry", "CCurl", "CResolv"], besideC),
        module("Database", ["JSON", "Telemetry", "CSQLite", "CPostgreSQL"], besideC),
        module("Cryptography", ["JSON", "Telemetry", "COpenSSL", "CArgon2"], besideC),
        module("Records", foundations + ["CPhoneNumber", "CPSL"]),
        module("Intelligence", foundations + ["CLinear"]),
        module("Mail", ["JSON", "Telemetry", "Cryptography", "Records"]),
        module("Runtime", foundations + ["Records", "Intelligence"]),
        module("Platform", kernel + ["HTTPClient"]),
        module("Discovery", slice),
        module("Insights", slice),
        .executableTarget(
            name: "Bureau",
            dependencies: (slice + ["HTTPClient", "Discovery", "Insights", "CYAML"]).map {
                .byName(name: $0)
            },
            swiftSettings: strict),

        // What tests of the runtime, and of agents on it, share.
        .target(
            name: "RuntimeTesting", dependencies: (kernel + ["TestDatabases"]).map { .byName(name: $0) },
            path: "Tests/RuntimeTesting", swiftSettings: strict),
        .target(
            name: "Simulation", dependencies: (kernel + ["RuntimeTesting"]).map { .byName(name: $0) },
            path: "Tests/Simulation", swiftSettings: strict),
        .executableTarget(
            name: "bureau-sim", dependencies: ["Simulation"], path: "Tests/SimulationCommand",
            swiftSettings: strict),
        // What the runtime does in a second (Benchmarks/).
        .executableTarget(
            name: "bureau-bench",
            dependencies: ["Database", "HTTPClient", "JSON", "Records", "Runtime", "StandIns", "Telemetry"],
            path: "Benchmarks/Runtime", swiftSettings: strict),
        // Servers of the world outside, as tests need them.
        .systemLibrary(name: "CTLS", path: "Tests/CTLS", providers: [.apt(["libssl-dev"])]),
        .target(name: "StandIns", dependencies: ["CTLS"], path: "Tests/StandIns", swiftSettings: strict),

        tests("JSON"),
        tests("Telemetry", ["JSON"]),
        tests("HTTPServer", ["JSON", "Telemetry"]),
        tests("HTTPClient", ["JSON", "Telemetry", "HTTPServer", "StandIns"]),
        .target(
            name: "TestDatabases", dependencies: ["Database", "Telemetry"], path: "Tests/TestDatabases",
            swiftSettings: strict),
        tests("Database", ["JSON", "Telemetry", "TestDatabases"]),
        tests("Cryptography", ["JSON", "Telemetry"]),
        tests("Records", foundations),
        tests("Intelligence", foundations),
        tests("Platform", kernel + ["HTTPClient", "RuntimeTesting", "StandIns"]),
        tests(
            "Runtime",
            foundations + ["Records", "Intelligence", "RuntimeTesting", "Simulation", "TestDatabases"]),
        tests("Discovery", kernel + ["Platform", "RuntimeTesting"]),
        tests("Insights", kernel + ["Platform"]),
        tests("Bureau", slice + ["StandIns"]),
        .testTarget(
            name: "ScenarioTests", dependencies: ["JSON", "Bureau", "Platform", "StandIns", "TestDatabases"],
            path: "Tests/Scenarios",
            swiftSettings: strict),
        .testTarget(name: "TidyTests", path: "Tests/Tidy", swiftSettings: strict),
    ]
)
