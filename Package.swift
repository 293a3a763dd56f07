// swift-tools-version: 6.2
import PackageDescription

// A target lists only what it may see: this file enforces who may import what (docs/architecture.md).

/// A crash is told with files and lines. A debugger also reads types and variables, which take much of the compilers'
/// time: BUREAU_DEBUGGER=1 adds them.
let debugging = Context.environment["BUREAU_DEBUGGER"] == nil ? ["-Xfrontend", "-gline-tables-only"] : []

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    // One compiler for each processor: each reads the whole module, and one for every 25 files took two thirds more
    // of the processor's time.
    .unsafeFlags(["-driver-batch-size-limit", "1000"] + debugging, .when(configuration: .debug)),
]
let besideC: [SwiftSetting] = strict + [.strictMemorySafety()]

/// Linking takes much of the build after a change; this linker needs a third of the time, and less yet where it merges
/// no strings.
let quicklyLinked: [LinkerSetting] = [
    .unsafeFlags(["-use-ld=lld", "-Xlinker", "-O0"], .when(configuration: .debug))
]

func system(_ name: String, _ package: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// Modules with a folder of texts, which becomes part of the binary.
let embedded = [
    "Content": "Prompts", "Conversations": "Prompts", "Deals": "Prompts", "Discovery": "Prompts",
    "Posts": "Prompts", "Support": "Prompts",
]

/// Modules whose folder Resources becomes a table in the binary, each new file by itself.
let tabled: Set = [
    "Content", "Conversations", "Cryptography", "Deals", "Delivery", "Discovery", "Extraction",
    "Intelligence", "Mail", "Messages", "People", "Posts", "Providers", "Records", "Support", "Templates",
    "Transfer",
    "Wording",
]

/// Modules that everything runs through are optimized in debug builds, too: the tests would spend most of
/// their time in them.
let busiest: Set = [
    "JSON", "Caching", "Lexicons", "Telemetry", "Nouns", "Wire", "Markup", "HTTPServer", "Database", "Cryptography",
    "Records", "Intelligence", "Crawling", "Extraction", "Routing", "Jobs", "Agents", "Workflows",
    "RuntimeRoutes", "Media", "Templates", "Wording", "TidyTests",
]

func optimized(_ target: String) -> [SwiftSetting] {
    busiest.contains(target) ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []
}

/// A module by its folder below Sources, which is its layer's.
func module(_ folder: String, _ dependencies: [String], _ settings: [SwiftSetting] = strict) -> Target {
    let name = String(folder.split(separator: "/").last!)
    return .target(
        name: name, dependencies: dependencies.map { .byName(name: $0) }, path: "Sources/\(folder)",
        exclude: tabled.contains(name) ? ["Resources"] : [],
        resources: embedded[name].map { [.embedInCode($0)] } ?? [],
        swiftSettings: settings + optimized(name),
        plugins: tabled.contains(name) ? [.plugin(name: "ResourceTables")] : [])
}

/// Tests of a module, or of several that do one thing together.
func tests(_ name: String, of modules: [String]? = nil, _ dependencies: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: ((modules ?? [name]) + dependencies).map { .byName(name: $0) },
        path: "Tests/\(name)", swiftSettings: strict + optimized("\(name)Tests"))
}

let foundations = ["JSON", "Lexicons", "Telemetry", "Nouns", "Wire", "Database", "Cryptography"]
let kernel = foundations + ["Records", "Intelligence", "Jobs", "Agents", "Workflows"]
let served = kernel + ["Wording", "Templates", "HTTPServer", "Routing"]
let platform = served + ["RuntimeRoutes", "Tenancy", "Integrations", "Transfer", "ChangeSets"]
let slice = platform + ["People", "Facts", "Addresses", "Messages", "Sequences", "Social"]

let package = Package(
    name: "bureau",
    products: [
        .executable(name: "bureau", targets: ["Bureau"]),
        .library(name: "MovedClock", type: .dynamic, targets: ["MovedClock"]),
    ],
    targets: [
        system("CMicroHTTPD", "libmicrohttpd-dev"),
        system("CSQLite", "libsqlite3-dev"),
        system("CPostgreSQL", "libpq-dev"),
        system("COpenSSL", "libssl-dev"),
        system("CArgon2", "libargon2-dev"),
        system("CYAML", "libyaml-dev"),
        system("CZlib", "zlib1g-dev"),
        system("CMalloc", "libc6-dev"),
        system("CLinear", "liblinear-dev"),
        system("CHunspell", "libhunspell-dev"),
        system("CPSL", "libpsl-dev"),
        system("CMagic", "libmagic-dev"),
        system("CCurl", "libcurl4-openssl-dev"),
        system("CMark", "libcmark-gfm-extensions-dev"),
        system("CResolv", "libc6-dev"),
        // Its headers lie in a folder of their own.
        system("CXML", "libxml2-dev", pkgConfig: "libxml-2.0"),
        // Its headers, and those of glib that they include, lie in folders of their own.
        system("CGMime", "libgmime-3.0-dev", pkgConfig: "gmime-3.0"),
        system("CIcal", "libical-dev"),
        system("CPango", "libpango1.0-dev", pkgConfig: "pangocairo"),
        system("CQPDF", "libqpdf-dev"),
        // Both are loaded by the process that looks at a file, and linked by nobody.
        system("CVips", "libvips-dev", pkgConfig: "gobject-2.0"),
        system("CAVFormat", "libavformat-dev"),
        system("CConfinement", "libc6-dev"),
        .target(name: "CReceiving", path: "Sources/System/CReceiving"),
        .target(
            name: "CGathering", path: "Sources/System/CGathering",
            linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(
            name: "CPhoneNumber", path: "Sources/System/CPhoneNumber",
            linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("stdc++")]),
        .target(
            name: "CLanguageDetector", path: "Sources/System/CLanguageDetector",
            linkerSettings: [.linkedLibrary("cld2"), .linkedLibrary("stdc++")]),
        .target(
            name: "CMessageFormat", path: "Sources/System/CMessageFormat",
            linkerSettings: [
                .linkedLibrary("icui18n"), .linkedLibrary("icuuc"), .linkedLibrary("icudata"),
                .linkedLibrary("stdc++"),
            ]),
        .target(
            name: "CPlaceNames", path: "Sources/System/CPlaceNames",
            linkerSettings: [
                .linkedLibrary("icui18n"), .linkedLibrary("icuuc"), .linkedLibrary("icudata"),
                .linkedLibrary("stdc++"),
            ]),

        // Texts of a module become part of the binary.
        .executableTarget(
            name: "resource-tables", path: "Plugins/ResourceTablesCommand", swiftSettings: strict),
        .plugin(
            name: "ResourceTables", capability: .buildTool(), dependencies: ["resource-tables"],
            path: "Plugins/ResourceTables"),

        module("Foundations/JSON", []),
        module("Foundations/Caching", []),
        module("Foundations/Lexicons", []),
        module("Foundations/Telemetry", ["JSON"]),
        module("Foundations/Nouns", ["Telemetry"], besideC),
        module("Foundations/Wire", ["CZlib"], besideC),
        module(
            "Foundations/HTTPServer", ["JSON", "Telemetry", "Wire", "CMicroHTTPD", "CReceiving"], besideC),
        module("Foundations/HTTPClient", ["JSON", "Telemetry", "CCurl", "CResolv"], besideC),
        module(
            "Foundations/Database", ["JSON", "Telemetry", "Nouns", "CGathering", "CSQLite", "CPostgreSQL"],
            besideC),
        module(
            "Foundations/Cryptography", ["JSON", "Lexicons", "Telemetry", "Nouns", "COpenSSL", "CArgon2"],
            besideC),
        module("Kernel/Records", foundations + ["CPhoneNumber", "CPlaceNames", "CPSL", "CMagic"]),
        module("Kernel/Intelligence", foundations + ["Caching", "CHunspell", "CLanguageDetector", "CLinear"]),
        module("Foundations/Markdown", ["CMark"], besideC),
        module("Foundations/Markup", ["CXML"], besideC),
        module("Kernel/Wording", ["Caching", "JSON", "CMessageFormat"]),
        module("Kernel/Templates", ["JSON", "Lexicons", "Telemetry", "Records", "Markdown", "Wording"]),
        module(
            "Kernel/Mail", ["Lexicons", "Markup", "Telemetry", "Cryptography", "Records", "CGMime", "CIcal"],
            besideC),
        module(
            "Foundations/Documents", ["JSON", "Lexicons", "Telemetry", "Markdown", "CPango", "CQPDF"], besideC
        ),
        module("Foundations/Media", ["JSON", "Telemetry", "CVips", "CAVFormat", "CConfinement"], besideC),
        module("Kernel/Crawling", ["JSON", "Telemetry", "Markup"]),
        module("Kernel/Extraction", ["JSON", "Lexicons", "Markup", "Records"]),
        module("Kernel/Jobs", foundations + ["Records"]),
        module(
            "Kernel/Agents", foundations + ["Caching", "Records", "Intelligence", "Wording", "Templates", "Jobs"]),
        module("Kernel/Workflows", foundations + ["Records", "Jobs", "Agents"]),
        module("Platform/Routing", foundations + ["HTTPServer", "Records"]),
        module("Platform/RuntimeRoutes", served),
        module("Platform/Tenancy", served + ["HTTPClient", "RuntimeRoutes"]),
        module("Platform/Integrations", served + ["HTTPClient", "RuntimeRoutes", "Tenancy"]),
        module("Platform/Transfer", served + ["RuntimeRoutes", "Tenancy"]),
        module("Platform/ChangeSets", served + ["RuntimeRoutes", "Tenancy"]),
        module("Reach/People", platform),
        module("Reach/Facts", platform + ["People"]),
        module("Reach/Addresses", platform + ["People"]),
        module("Reach/Messages", platform + ["Mail", "Markdown", "People", "Addresses"]),
        module("Reach/Sequences", platform + ["People", "Addresses", "Messages"]),
        module("Reach/Social", platform + ["Markdown", "Media", "People", "Messages"]),
        module("Slices/Discovery", slice + ["HTTPClient", "Markup", "Crawling", "Extraction"]),
        module("Slices/Deals", slice + ["Documents", "Mail", "Markdown"]),
        module("Slices/Delivery", slice + ["Documents", "Markdown", "Markup"]),
        module("Slices/Support", slice + ["Mail", "Markdown"]),
        module("Slices/Conversations", slice),
        module("Slices/Insights", slice),
        module("Slices/Quality", slice + ["Documents", "Markdown"]),
        module("Slices/Sync", slice),
        module("Slices/Nurture", slice),
        module("Slices/Content", slice + ["Caching", "Mail", "Markdown", "Markup", "Media", "Crawling"]),
        module("Slices/Posts", slice + ["Media"]),
        module("Slices/Campaigns", slice + ["Mail"]),
        module("Slices/Market", slice + ["Markup", "Crawling", "Extraction"]),
        module("Providers", slice + ["HTTPClient", "Mail", "Markup"]),
        .executableTarget(
            name: "Bureau",
            dependencies: (slice + [
                "HTTPClient", "Mail", "Discovery", "Deals", "Delivery", "Support", "Conversations",
                "Insights", "Quality", "Sync", "Market", "Nurture", "Content", "Posts", "Campaigns",
                "Providers", "Media", "Caching", "CMalloc", "CYAML",
            ]).map {
                .byName(name: $0)
            },
            swiftSettings: strict, linkerSettings: quicklyLinked),

        // Tests of the runtime, and of agents on it, share these.
        .target(
            name: "RuntimeTesting",
            dependencies: (kernel + ["TestDatabases", "Waiting", "Wording"]).map { .byName(name: $0) },
            path: "Tests/RuntimeTesting", swiftSettings: strict),
        .target(
            name: "Simulation", dependencies: (kernel + ["RuntimeTesting"]).map { .byName(name: $0) },
            path: "Tests/Simulation", swiftSettings: strict),
        .executableTarget(
            name: "bureau-sim", dependencies: ["Simulation"], path: "Tests/SimulationCommand",
            swiftSettings: strict, linkerSettings: quicklyLinked),
        // Measures what the runtime does in a second (Benchmarks/).
        .executableTarget(
            name: "bureau-bench",
            dependencies: [
                "Cryptography", "Database", "Documents", "Extraction", "HTTPClient", "JSON", "Mail",
                "Markdown", "Media",
                "Markup", "Nouns", "People", "Records", "Jobs", "Agents", "Workflows", "StandIns",
                "Telemetry", "Templates", "Tenancy",
            ],
            path: "Benchmarks/Runtime", swiftSettings: strict, linkerSettings: quicklyLinked),
        // A wall clock for a whole process, which tests move on.
        .target(name: "MovedClock", path: "Tests/MovedClock"),
        // Servers of the world outside, as tests need them.
        .systemLibrary(name: "CTLS", path: "Tests/CTLS", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "StandIns", dependencies: ["CTLS", "Cryptography", "JSON"], path: "Tests/StandIns",
            swiftSettings: strict),
        // Runs the tests' stand-ins, to be watched and spoken for by hand (docs/stand-ins.md).
        .executableTarget(
            name: "stand-ins",
            dependencies: ["Cryptography", "HTTPClient", "JSON", "Mail", "Records", "StandIns"],
            path: "Tests/StandInsCommand", swiftSettings: strict, linkerSettings: quicklyLinked),

        .target(name: "TestRandomness", path: "Tests/TestRandomness", swiftSettings: strict),
        .target(name: "Waiting", path: "Tests/Waiting", swiftSettings: strict),
        tests("Caching"),
        tests("JSON", ["TestRandomness"]),
        tests("Telemetry", ["JSON"]),
        tests("HTTPServer", ["JSON", "Telemetry", "Wire", "TestRandomness", "Waiting"]),
        tests("HTTPClient", ["JSON", "Telemetry", "Wire", "HTTPServer", "StandIns", "Waiting"]),
        .target(
            name: "TestDatabases", dependencies: ["Database", "Telemetry"], path: "Tests/TestDatabases",
            swiftSettings: strict),
        // SQLite's own file system, with a record of what gets into the files, and with faults.
        .target(
            name: "RecordedFiles", path: "Tests/RecordedFiles", linkerSettings: [.linkedLibrary("sqlite3")]),
        tests(
            "Database",
            [
                "JSON", "Nouns", "Telemetry", "TestDatabases", "TestRandomness", "CGathering", "CSQLite",
                "RecordedFiles", "Waiting",
            ]),
        tests("Cryptography", ["JSON", "Telemetry", "Waiting"]),
        tests("Nouns", ["Telemetry", "Cryptography"]),
        tests("Records", of: ["Records", "Routing"], foundations + ["HTTPServer", "TestRandomness"]),
        tests("Mail", ["Cryptography", "JSON", "Records", "StandIns", "Telemetry", "TestRandomness"]),
        tests("Wording"),
        tests("Intelligence", foundations),
        tests("Templates", ["JSON", "Telemetry", "Records", "Markdown", "TestRandomness"]),
        tests("Markdown"),
        tests("Media", ["JSON", "StandIns"]),
        tests("Markup", ["StandIns", "TestRandomness"]),
        tests("Crawling", ["Extraction", "JSON", "Markup", "Telemetry", "TestRandomness"]),
        tests("Documents", ["JSON", "Markdown", "StandIns", "Telemetry"]),
        tests(
            "Platform", of: ["Tenancy", "Integrations", "Transfer"],
            served + ["HTTPClient", "RuntimeTesting", "StandIns", "Waiting"]),
        tests(
            "Runtime", of: ["RuntimeRoutes"],
            served + ["RuntimeTesting", "Simulation", "TestDatabases", "Waiting"]),
        tests(
            "Messaging", of: ["People", "Addresses", "Messages", "Sequences"],
            platform + ["HTTPClient", "Mail", "Discovery", "RuntimeTesting", "StandIns", "TestDatabases"]),
        tests(
            "Connectors", of: ["Providers"],
            platform + ["HTTPClient", "RuntimeTesting", "StandIns", "TestDatabases"]),
        tests("Discovery", slice + ["HTTPClient", "Markup", "Crawling", "RuntimeTesting", "TestDatabases"]),
        tests("Deals", slice),
        tests("Delivery", slice + ["TestRandomness"]),
        tests("Conversations", kernel + ["Wording"]),
        tests("Insights", platform),
        tests("Market", slice + ["Markup"]),
        tests("Content", slice),
        tests("Posts", slice + ["TestRandomness"]),
        tests("Support", kernel + ["Templates"]),
        tests("Quality", kernel),
        tests("Social", ["JSON", "Records", "TestRandomness"]),
        tests("Sync", ["Integrations", "JSON", "Records", "Telemetry", "TestRandomness"]),
        tests("Bureau", slice + ["Content", "Deals", "Delivery", "Discovery", "StandIns", "TestDatabases"]),
        tests("Providers", slice + ["HTTPClient", "Mail", "StandIns", "TestRandomness", "Waiting"]),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "Cryptography", "Database", "JSON", "Telemetry", "Bureau", "Tenancy", "StandIns",
                "TestDatabases", "TestRandomness",
            ],
            path: "Tests/Scenarios",
            // Of all its files at once the macros take longer than the compilers' beginnings.
            swiftSettings: strict + [.unsafeFlags(["-driver-batch-size-limit", "60"], .when(configuration: .debug))]),
        .testTarget(
            name: "TidyTests", dependencies: ["Wording"], path: "Tests/Tidy",
            swiftSettings: strict + optimized("TidyTests")),
    ]
)
